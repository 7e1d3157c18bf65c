using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>MaxPool and AveragePool over one or two spatial dimensions.</summary>
/// <param name="opType">Operator name.</param>
internal sealed class PoolOperator(string opType) : OperatorDefinition(opType, LayoutRule.ChannelsLast, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        if (context.Node.Outputs.Skip(1).Any(output => output.Length > 0)) throw context.Fail("its second output (indices) is not supported");
        var kernel = context.Node.Integers("kernel_shape") ?? throw context.Fail("has no kernel_shape");
        var channels = input.Rank < 2 ? throw context.Fail($"cannot pool {input}") : input.Dimensions[1];
        var geometry = SpatialAttributes.Read(context, kernel, channels, channels);
        var output = new TensorType(ElementType.Float32, SpatialAttributes.OutputDimensions(context, geometry), Layout.ChannelsLast);
        return new PoolPlan(geometry, input.Dimensions[0], OpType == "MaxPool", context.Node.Integer("count_include_pad", 0) != 0, output);
    }

    private sealed class PoolPlan(ConvolutionGeometry g, int batch, bool max, bool countPadding, TensorType output) : NodePlan(output)
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var x = inputs[0]!.AsSpan<float>();
            var y = outputs[0].AsSpan<float>();
            var (from, to) = (x.Length / batch, y.Length / batch);
            for (var sample = 0; sample < batch; sample++)
            {
                if (max) Pooling.Max(x.Slice(sample * from, from), g, y.Slice(sample * to, to));
                else Pooling.Average(x.Slice(sample * from, from), g, countPadding, y.Slice(sample * to, to));
            }
        }
    }
}

/// <summary>GlobalAveragePool.</summary>
internal sealed class GlobalAveragePoolOperator() : OperatorDefinition("GlobalAveragePool", LayoutRule.ChannelsLast, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        if (input.Rank < 3) throw context.Fail($"cannot pool {input}");
        int[] dimensions = [input.Dimensions[0], input.Dimensions[1], .. Enumerable.Repeat(1, input.Rank - 2)];
        return new GlobalPlan(input, new TensorType(ElementType.Float32, dimensions, Layout.ChannelsLast));
    }

    private sealed class GlobalPlan(TensorType input, TensorType output) : NodePlan(output)
    {
        private readonly int _batch = input.Dimensions[0];
        private readonly int _channels = input.Dimensions[1];
        private readonly int _positions = checked((int)ElementTypes.ElementCount(input.Dimensions[2..]));

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var x = inputs[0]!.AsSpan<float>();
            var y = outputs[0].AsSpan<float>();
            var sample = _positions * _channels;
            for (var i = 0; i < _batch; i++) Pooling.GlobalAverage(x.Slice(i * sample, sample), _positions, _channels, y.Slice(i * _channels, _channels));
        }
    }
}
