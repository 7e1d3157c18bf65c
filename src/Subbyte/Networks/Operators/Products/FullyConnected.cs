using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>What the dot-product layers of Gemm and MatMul share.</summary>
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
