using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Packing;
using Subbyte.Runtime;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>GlobalAveragePool, GlobalMaxPool and GlobalLpPool: one value a channel.</summary>
internal sealed class GlobalPoolOperator(string opType) : OperatorDefinition(opType, LayoutRule.ChannelsLast, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        if (input.Rank < 3 || input.Count == 0) throw context.Fail($"cannot pool {input}");
        int[] dimensions = [input.Dimensions[0], input.Dimensions[1], .. Enumerable.Repeat(1, input.Rank - 2)];
        var positions = checked((int)ElementTypes.ElementCount(input.Dimensions[2..]));
        var output = new TensorType(ElementType.Float32, dimensions, Layout.ChannelsLast);
        return OpType switch
        {
            "GlobalMaxPool" => new MaximumPlan(positions, output),
            "GlobalLpPool" => new NormPlan(positions, PNorm.Read(context), output),
            _ => new AveragePlan(positions, output),
        };
    }

    private abstract class GlobalPlan(TensorType output) : NodePlan(output)
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var x = inputs[0]!.AsSpan<float>();
            var y = outputs[0].AsSpan<float>();
            var (batch, channels) = (outputs[0].Dimensions[0], outputs[0].Dimensions[^1]);
            var sample = x.Length / batch;
            for (var i = 0; i < batch; i++) Pool(x.Slice(i * sample, sample), y.Slice(i * channels, channels));
        }

        protected abstract void Pool(ReadOnlySpan<float> map, Span<float> result);
    }

    private sealed class AveragePlan(int positions, TensorType output) : GlobalPlan(output), IPackedPlan
    {
        public PackedStep Pack(PackedPlace place) => new GlobalAverageStep(place.Name, place.Inputs, place.Output, positions);

        protected override void Pool(ReadOnlySpan<float> map, Span<float> result) => Pooling.GlobalAverage(map, positions, result.Length, result);
    }

    private sealed class MaximumPlan(int positions, TensorType output) : GlobalPlan(output)
    {
        protected override void Pool(ReadOnlySpan<float> map, Span<float> result)
        {
            map[..result.Length].CopyTo(result);
            for (var position = 1; position < positions; position++)
            {
                var pixel = map.Slice(position * result.Length, result.Length);
                for (var c = 0; c < pixel.Length; c++) result[c] = pixel[c] > result[c] ? pixel[c] : result[c];
            }
        }
    }

    private sealed class NormPlan(int positions, int p, TensorType output) : GlobalPlan(output)
    {
        protected override void Pool(ReadOnlySpan<float> map, Span<float> result)
        {
            for (var c = 0; c < result.Length; c++)
            {
                var sum = 0d;
                for (var position = 0; position < positions; position++) sum += PNorm.Power(map[(position * result.Length) + c], p);
                result[c] = (float)PNorm.Root(sum, p);
            }
        }
    }
}
