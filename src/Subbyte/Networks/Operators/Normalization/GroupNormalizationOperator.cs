using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>GroupNormalization, and InstanceNormalization, in which each channel is a group. Scale and bias are per channel; before opset 21 per group.</summary>
/// <param name="opType">Operator name.</param>
internal sealed class GroupNormalizationOperator(string opType) : OperatorDefinition(opType, LayoutRule.Same, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        if (input.Rank < 3 && (input.Rank < 2 || OpType == "InstanceNormalization")) throw context.Fail($"needs samples, channels and positions; its operand is {input}");
        var channels = input.Dimensions[1];
        var groups = OpType == "InstanceNormalization" ? channels : context.Node.Integer("num_groups", 0);
        if (groups < 1 || channels % groups != 0) throw context.Fail($"{channels} channels do not make {groups} groups");
        var isPerGroup = OpType == "GroupNormalization" && context.Opset < 21;
        for (var index = 1; index <= 2; index++)
        {
            if (context.RequiredFloat(index) is var parameter && (parameter.Rank != 1 || parameter.Count != (isPerGroup ? groups : channels)))
                throw context.Fail($"input {index} is {parameter}; one value for each {(isPerGroup ? "group" : "channel")} is needed");
        }

        return new GroupNormalizationPlan((int)groups, isPerGroup, context.Node.Float("epsilon", 1e-5f), new TensorType(ElementType.Float32, input.Dimensions, input.Layout));
    }

    private sealed class GroupNormalizationPlan : NodePlan
    {
        private readonly int _channels;
        private readonly int _groups;
        private readonly bool _isPerGroup;
        private readonly float _epsilon;
        private readonly Standardization _loops;
        private readonly BroadcastLoop _scaling;
        private readonly BroadcastLoop _shifting;

        public GroupNormalizationPlan(int groups, bool isPerGroup, float epsilon, TensorType type)
            : base(type)
        {
            (_channels, _groups, _isPerGroup, _epsilon) = (type.Dimensions[1], groups, isPerGroup, epsilon);
            var (samples, positions, members) = (type.Dimensions[0], checked((int)ElementTypes.ElementCount(type.Dimensions[2..])), _channels / groups);
            var isLast = type.Layout == Layout.ChannelsLast;
            int[] Order(int sample, int group, int member, int position) => isLast ? [sample, position, group, member] : [sample, group, member, position];
            var sizes = Order(samples, groups, members, positions);
            var all = Strided.Of(sizes);
            _loops = new Standardization(sizes, isLast ? [false, true, false, true] : [false, false, true, true]);
            _scaling = BroadcastLoop.Of(sizes, [all, Order(_channels, members, 1, 0)]);
            _shifting = BroadcastLoop.Of(sizes, [all, isPerGroup ? Order(0, 1, 0, 0) : Order(0, members, 1, 0)]);
        }

        public override long ScratchBytes => (2 * ScratchAllocator.Bytes<float>(_loops.Groups)) + ScratchAllocator.Bytes<float>((long)_loops.Groups / _groups * _channels);

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var memory = new ScratchAllocator(scratch);
            var means = memory.Take<float>(_loops.Groups);
            var variances = memory.Take<float>(_loops.Groups);
            var factors = memory.Take<float>(_loops.Groups / _groups * _channels);
            var scale = inputs[1]!.AsSpan<float>();
            var d = outputs[0].AsSpan<float>();
            _loops.Center(inputs[0]!.AsSpan<float>(), means, d);
            _loops.MeanSquares(d, variances);
            var members = _channels / _groups;
            for (var i = 0; i < factors.Length; i++)
            {
                var group = i / members;
                factors[i] = (float)(scale[_isPerGroup ? group % _groups : i % _channels] / Math.Sqrt((double)variances[group] + _epsilon));
            }

            _scaling.Run<float, float, MultiplyFunction<float>>(d, factors, d);
            _shifting.Run<float, float, AddFunction<float>>(d, inputs[2]!.AsSpan<float>(), d);
        }
    }
}
