using Subbyte.Tensors;

namespace Subbyte.Training;

internal static partial class OperatorFactory
{
    private static ClipOperator Clip(NodeBinding binding)
    {
        var (lowest, highest) = (binding.Scalar(1, "min", float.NegativeInfinity), binding.Scalar(2, "max", float.PositiveInfinity));
        return new ClipOperator(binding.Node.Name, binding.Map(0), binding.Activation(), lowest, highest);
    }

    private static ActivationOperator Activation(NodeBinding binding, ActivationKind kind, float alpha = 0, float beta = 0)
    {
        var (node, input) = (binding.Node, binding.Map(0));
        return new ActivationOperator(node.Name, input, binding.Output(input.Shape), kind, node.Float("alpha", alpha), node.Float("beta", beta));
    }

    private static SlopeOperator Slope(NodeBinding binding)
    {
        var (input, slopes) = (binding.Map(0), binding.Constant(1));
        // [C] beside a vector, [C,1,1] or [1,C,1,1] beside a map.
        var channelAxis = slopes.Rank - input.Shape.Length;
        if (slopes.Length != input.Channels || channelAxis < 0 || slopes.Rank == 0 || slopes.Dimensions[channelAxis] != slopes.Length)
            throw binding.Fail($"only one slope per channel of {input} can be trained, not {slopes}");
        return new SlopeOperator(binding.Node.Name, input, binding.Output(input.Shape, hasParameters: true), binding.Parameter(1, ParameterRole.Slope));
    }

    private static DropoutOperator Dropout(NodeBinding binding)
    {
        var input = binding.Map(0);
        var ratio = binding.Scalar(1, "ratio", 0.5f);
        if (ratio is not (>= 0 and < 1)) throw binding.Fail($"its ratio {ratio} must be at least 0 and below 1");
        return new DropoutOperator(binding.Node.Name, input, binding.Output(input.Shape), ratio, binding.Ordinal);
    }

    private static Operator Add(NodeBinding binding)
    {
        if (binding.IsConstant(0) || binding.IsConstant(1)) return AddConstant(binding);
        var (first, second) = (binding.Map(0), binding.Map(1));
        if (!first.Shape.SequenceEqual(second.Shape)) throw binding.Fail($"{first} and {second} have different shapes");
        return new AddOperator(binding.Node.Name, first, second, binding.Output(first.Shape));
    }

    /// <summary>A trained summand per channel, or a single number, which stays as it is.</summary>
    /// <param name="binding">The node.</param>
    /// <param name="channelsLast">Whether the last axis of the map counts channels in ONNX's order too, as in sequences.</param>
    public static Operator AddConstant(NodeBinding binding, bool channelsLast = false)
    {
        var constant = binding.IsConstant(0) ? 0 : 1;
        var (input, bias) = (binding.Map(1 - constant), binding.Constant(constant));
        if (IsScalar(bias, input)) return new ScalarOperator(binding.Node.Name, input, binding.Output(input.Shape), 1, bias.AsSpan<float>()[0]);
        // [C] beside a vector, [C,1,1] or [1,C,1,1] beside a map.
        var channelAxis = channelsLast ? bias.Rank - 1 : bias.Rank - input.Shape.Length;
        if (bias.Length != input.Channels || channelAxis < 0 || (bias.Rank > 0 && bias.Dimensions[channelAxis] != bias.Length))
            throw binding.Fail($"only one summand per channel of {input} can be added, not {bias}");
        var output = binding.Output(input.Shape, hasParameters: true);
        return new BiasOperator(binding.Node.Name, input, output, binding.Parameter(constant, ParameterRole.Bias));
    }

    private static Operator Multiply(NodeBinding binding)
    {
        if (binding.IsConstant(0) || binding.IsConstant(1))
        {
            var constant = binding.IsConstant(0) ? 0 : 1;
            var (input, factor) = (binding.Map(1 - constant), binding.Constant(constant));
            if (!IsScalar(factor, input)) throw binding.Fail($"only a single number can multiply {input}, not {factor}");
            return new ScalarOperator(binding.Node.Name, input, binding.Output(input.Shape), factor.AsSpan<float>()[0], 0);
        }

        var (first, second) = (binding.Map(0), binding.Map(1));
        if (!first.Shape.SequenceEqual(second.Shape)) throw binding.Fail($"{first} and {second} have different shapes");
        return new MultiplicationOperator(binding.Node.Name, first, second, binding.Output(first.Shape));
    }

    /// <summary>Whether a constant is one number for all elements; one for the only channel of a map may be trained instead.</summary>
    private static bool IsScalar(Tensor constant, FeatureMap map) => constant.Length == 1 && constant.Rank <= map.Shape.Length + 1 && (constant.Rank == 0 || map.Channels > 1);

    private static ConcatenationOperator Concatenate(NodeBinding binding)
    {
        FeatureMap[] inputs = [.. Enumerable.Range(0, binding.Node.Inputs.Count).Select(binding.Map)];
        var shape = inputs[0].Shape.ToArray();
        var axis = binding.Node.Integer("axis", 1);
        if (axis != 1 && axis != -shape.Length) throw binding.Fail($"only channels can be joined, not axis {axis}");
        if (inputs.Any(input => input.Shape.Length != shape.Length || !input.Shape[1..].SequenceEqual(shape.AsSpan(1))))
            throw binding.Fail($"{string.Join(" and ", inputs.AsEnumerable())} have different positions");
        return new ConcatenationOperator(binding.Node.Name, inputs, binding.Output([inputs.Sum(input => input.Channels), .. shape[1..]]));
    }

    private static FlattenOperator? Flatten(NodeBinding binding)
    {
        var input = binding.Map(0);
        if (binding.Node.Integer("axis", 1) != 1) throw binding.Fail("only axis 1 is supported");
        if (input.Positions > 1 && input.Channels > 1) return new FlattenOperator(binding.Node.Name, input, binding.Output([input.Length]));
        binding.InPlace([input.Length]);
        return null;
    }

    private static RearrangementOperator? Rearrange(NodeBinding binding)
    {
        var moved = Rearrangement.Of(binding);
        if (!moved.IsIdentity || moved.Sources.Length != binding.Map(0).Length) return new RearrangementOperator(binding.Node.Name, binding.Map(0), binding.Output(moved.Shape), moved.Sources);
        binding.InPlace(moved.Shape);
        return null;
    }
}
