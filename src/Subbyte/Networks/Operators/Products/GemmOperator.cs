using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Gemm with constant weights: a fully connected layer, alpha and beta taken into weights and bias.</summary>
internal sealed class GemmOperator() : OperatorDefinition("Gemm", types: TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        var weights = context.RequiredConstant(1);
        context.RequiredFloat(1);
        if (input.Rank != 2 || weights.Rank != 2 || weights.Length == 0) throw context.Fail($"needs matrices, not {input} and {weights}");
        if (context.Node.Integer("transA", 0) != 0) throw context.Fail("transA = 1 is not supported for a layer with constant weights");
        var transposed = context.Node.Integer("transB", 0) != 0;
        var (outputs, depth) = transposed ? (weights.Dimensions[0], weights.Dimensions[1]) : (weights.Dimensions[1], weights.Dimensions[0]);
        if (depth != input.Dimensions[1]) throw context.Fail($"weights {weights} do not fit input {input}");
        var alpha = context.Node.Float("alpha", 1);
        var rows = FullyConnected.Rows(weights.AsSpan<float>(), outputs, depth, transposed);
        if (alpha != 1)
        {
            for (var i = 0; i < rows.Length; i++) rows[i] *= alpha;
        }

        var layer = FullyConnected.Layer(context, rows, Bias(context, outputs), outputs, depth, input.Dimensions[0], positions: 1);
        return ProductPlans.Create(layer, context.Lowered, new TensorType(ElementType.Float32, [input.Dimensions[0], outputs]));
    }

    private static float[] Bias(NodeContext context, int outputs)
    {
        if (context.Optional(2) is null) return new float[outputs];
        var constant = context.RequiredFloats(2);
        if (constant.Length != 1 && constant.Length != outputs) throw context.Fail($"bias has {constant.Length} elements where {outputs} or 1 are needed");
        var beta = context.Node.Float("beta", 1);
        var bias = new float[outputs];
        for (var m = 0; m < outputs; m++) bias[m] = constant[constant.Length == 1 ? 0 : m] * beta;
        return bias;
    }
}

/// <summary>MatMul of activations [batch, …, k] with constant weights [k, m]: a fully connected layer at each position.</summary>
internal sealed class MatMulOperator() : OperatorDefinition("MatMul", types: TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        var weights = context.RequiredConstant(1);
        context.RequiredFloat(1);
        if (input.Rank < 2 || weights.Rank != 2 || weights.Length == 0 || input.Dimensions[^1] != weights.Dimensions[0])
            throw context.Fail($"{input} times {weights}: a constant matrix [k, m] on the right is supported");
        var (depth, outputs) = (weights.Dimensions[0], weights.Dimensions[1]);
        var batch = input.Dimensions[0];
        var positions = checked((int)ElementTypes.ElementCount(input.Dimensions[1..^1]));
        var layer = FullyConnected.Layer(context, FullyConnected.Rows(weights.AsSpan<float>(), outputs, depth, transposed: false), new float[outputs], outputs, depth, batch, positions);
        return ProductPlans.Create(layer, context.Lowered, new TensorType(ElementType.Float32, [.. input.Dimensions[..^1], outputs]));
    }
}

/// <summary>What Gemm and MatMul share.</summary>
internal static class FullyConnected
{
    /// <summary>Weights as [outputs][depth].</summary>
    /// <param name="weights">Weights as stored.</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="depth">Inputs.</param>
    /// <param name="transposed">Whether they are stored as [outputs][depth] already.</param>
    /// <returns>The rows.</returns>
    public static float[] Rows(ReadOnlySpan<float> weights, int outputs, int depth, bool transposed)
    {
        if (transposed) return weights.ToArray();
        var rows = new float[weights.Length];
        for (var k = 0; k < depth; k++)
        {
            for (var m = 0; m < outputs; m++) rows[(m * depth) + k] = weights[(k * outputs) + m];
        }

        return rows;
    }

    /// <summary>A fully connected layer as a pointwise convolution.</summary>
    /// <param name="context">The node.</param>
    /// <param name="rows">Weights [outputs][depth].</param>
    /// <param name="bias">Bias [outputs].</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="depth">Inputs.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="positions">Rows of one sample.</param>
    /// <returns>The layer.</returns>
    public static ProductLayer Layer(NodeContext context, float[] rows, float[] bias, int outputs, int depth, int batch, int positions)
        => new(context.Node.Name, LayerKind.FullyConnected, new ConvolutionGeometry { InHeight = 1, InWidth = positions, InChannels = depth, OutChannels = outputs }, rows, bias, batch);
}
