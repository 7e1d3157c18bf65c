using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>ConvInteger: exact convolution of 8-bit codes in 32 bits.</summary>
internal sealed class ConvIntegerOperator() : OperatorDefinition("ConvInteger", LayoutRule.ChannelsLast)
{
    public override NodePlan Plan(NodeContext context)
    {
        var (input, weights) = (CodeOperands.Required(context, 0), CodeOperands.Required(context, 1));
        var (zero, weightZero) = (CodeOperands.ZeroPoint(context, 2, input.ElementType), CodeOperands.ZeroPoint(context, 3, weights.ElementType));
        return CodeConvolutionPlan.Create(context, input, weights, new CodeConvolutionInputs(1, 2, 3, -1), zero, weightZero, ElementType.Int32);
    }
}

/// <summary>QLinearConv: the same convolution with scales and a bias on the grid of the sums, as 8-bit codes.</summary>
internal sealed class QLinearConvOperator() : OperatorDefinition("QLinearConv", LayoutRule.ChannelsLast)
{
    public override NodePlan Plan(NodeContext context)
    {
        var (input, weights, output) = (CodeOperands.Required(context, 0), CodeOperands.Required(context, 3), CodeOperands.Required(context, 7));
        var (zero, weightZero) = (CodeOperands.ZeroPoint(context, 2, input.ElementType), CodeOperands.ZeroPoint(context, 5, weights.ElementType));
        var outputs = weights.Rank == 0 ? 0 : weights.Dimensions[0];
        foreach (var index in (int[])[1, 4, 6]) context.RequiredFloat(index);
        if (context.Required(1).Count != 1 || context.Required(6).Count != 1 || output.Count != 1) throw context.Fail("scales and zero points of input and output must be scalars");
        if (context.Required(4).Count != 1 && context.Required(4).Count != outputs) throw context.Fail($"weight scale {context.Required(4)} must be a scalar or one value an output");
        if (context.Optional(8) is { } bias && (bias.ElementType != ElementType.Int32 || bias.Count != outputs)) throw context.Fail($"bias {bias} must be {outputs} int32 values");
        return CodeConvolutionPlan.Create(context, input, weights, new CodeConvolutionInputs(3, 2, 5, 8), zero, weightZero, output.ElementType);
    }
}
