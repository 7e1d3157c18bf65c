using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>ConvTranspose: each output is the product of its filter with what the kernel's positions meet of the input.</summary>
internal sealed class TransposedConvolutionOperator() : OperatorDefinition("ConvTranspose", LayoutRule.ChannelsLast, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var (input, weights) = (context.RequiredFloat(0), context.RequiredFloat(1));
        var dimensions = weights.Dimensions;
        if (weights.Rank != input.Rank || weights.Rank < 3 || weights.Count == 0) throw context.Fail($"weights {weights} do not fit input {input}");
        var groups = (int)Math.Clamp(context.Node.Integer("group", 1), 0, int.MaxValue);
        if (groups < 1 || dimensions[0] % groups != 0 || input.Dimensions[1] != dimensions[0]) throw context.Fail($"weights {weights} and group {groups} do not fit input {input}");
        var outputs = checked(dimensions[1] * groups);
        ConvolutionOperator.CheckBias(context, outputs);
        var window = SpatialAttributes.ReadTransposed(context, dimensions[2..]).Window;
        var output = new TensorType(ElementType.Float32, window.OutputDimensions(input.Dimensions[0], outputs), Layout.ChannelsLast);
        return new PatchProductPlan(window, PatchWeights.Transposed(weights, groups), context.Optional(2) is not null, output);
    }
}
