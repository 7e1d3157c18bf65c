using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Dropout at inference: the input, and a mask that keeps everything (boolean since opset 10, of the input's type before).</summary>
internal sealed class DropoutOperator() : OperatorDefinition("Dropout", LayoutRule.Same)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        if (IsTraining(context) && Ratio(context) != 0) throw context.Fail("drops values at random (training mode); export the network for inference");
        var output = new TensorType(input.ElementType, input.Dimensions, input.Layout);
        if (context.Node.Outputs.Count < 2) return new CopyPlan(output);
        var maskType = context.Opset >= 10 ? ElementType.Boolean : input.ElementType;
        return new DropoutPlan(output, new TensorType(maskType, input.Dimensions, input.Layout));
    }

    /// <summary>Before opset 7 the attribute <c>is_test</c> decides, in 7 to 11 nothing does; exporters leave it out and mean inference.</summary>
    private static bool IsTraining(NodeContext context)
        => context.Optional(2) is { } mode && (mode.Constant is not { } constant || constant.Bytes.Span.ContainsAnyExcept((byte)0));

    private static double Ratio(NodeContext context)
    {
        if (context.Optional(1) is null) return 0.5;
        var ratio = context.RequiredConstant(1);
        if (ratio.Length != 1 || !ratio.ElementType.IsFloatingPoint()) throw context.Fail("its ratio must be one number");
        Span<double> value = stackalloc double[1];
        ElementConversion.Read(ratio, 0, value);
        return value[0];
    }

    private sealed class DropoutPlan(TensorType output, TensorType mask) : NodePlan(output, mask)
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            inputs[0]!.Bytes.Span.CopyTo(outputs[0].Bytes.Span);
            Span<double> ones = stackalloc double[256];
            ones.Fill(1);
            for (var start = 0; start < outputs[1].Length; start += ones.Length)
                ElementConversion.Write(ones[..Math.Min(ones.Length, outputs[1].Length - start)], outputs[1], start);
        }
    }
}
