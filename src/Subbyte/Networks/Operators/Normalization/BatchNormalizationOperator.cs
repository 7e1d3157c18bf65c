using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Networks.Passes;
using Subbyte.Packing;
using Subbyte.Runtime;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>BatchNormalization with constant statistics, per channel or (<c>spatial = 0</c>) per element: one fused multiply-add an element, scale γ/√(σ²+ε) and shift β − μ·scale in double, rounded once.</summary>
internal sealed class BatchNormalizationOperator() : OperatorDefinition("BatchNormalization", LayoutRule.ChannelsLast, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        var isTraining = !BatchNormFolding.UsesRunningStatistics(context.Node, context.Opset);
        if (isTraining && context.Opset < 7) throw context.Fail("is in training mode; export it with is_test = 1");
        var isPerChannel = context.Node.Integer("spatial", 1) != 0 || input.Rank < 3;
        var channels = input.Rank < 2 ? 1 : isPerChannel ? input.Dimensions[1] : checked((int)ElementTypes.ElementCount(input.Dimensions[1..]));
        var parameters = Enumerable.Range(1, 4).Select(index => context.RequiredFloats(index)).ToArray();
        if (parameters.Any(values => values.Length != channels)) throw context.Fail($"needs {channels} values of scale, bias, mean and variance each");
        if (!isPerChannel) parameters = [.. parameters.Select(values => ChannelsLast(values, input))];
        var epsilon = context.Node.Float("epsilon", 1e-5f);
        if (parameters[3].Any(variance => variance + epsilon <= 0)) throw context.Fail("has a negative variance");
        if (isTraining) return new BatchStatisticsPlan(parameters, epsilon, context.Node.Float("momentum", 0.9f), input);
        var (scale, shift) = BatchNormFolding.Affine(parameters[0], parameters[1], parameters[2], parameters[3], epsilon);
        return new AffinePlan(scale, shift, input);
    }

    /// <summary>One parameter for each element of a sample (<c>spatial = 0</c> before opset 9), in the order of memory.</summary>
    private static float[] ChannelsLast(float[] values, TensorType input)
    {
        var given = new TensorType(ElementType.Float32, [1, .. input.Dimensions[1..]]);
        var ordered = Tensor.Zeros(ElementType.Float32, given.Dimensions);
        new LayoutConversion(given, given.In(Layout.ChannelsLast)).Run([Tensor.Of<float>(values)], [ordered], []);
        return ordered.AsSpan<float>().ToArray();
    }

    private sealed class AffinePlan(float[] scale, float[] shift, TensorType type) : NodePlan(type), IPackedPlan
    {
        private float _lowest = float.NegativeInfinity;
        private float _highest = float.PositiveInfinity;

        public override bool TryFuseClip(float lowest, float highest)
        {
            if (!float.IsNegativeInfinity(_lowest) || !float.IsPositiveInfinity(_highest)) return false;
            (_lowest, _highest) = (lowest, highest);
            return true;
        }

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
            => Elementwise.Affine(inputs[0]!.AsSpan<float>(), scale, shift, outputs[0].AsSpan<float>(), _lowest, _highest);

        public PackedStep Pack(PackedPlace place) => new AffineStep(place.Name, place.Inputs, place.Output, scale, shift, _lowest, _highest);
    }
}
