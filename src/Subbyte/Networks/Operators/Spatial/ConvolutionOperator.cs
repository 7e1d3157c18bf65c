using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Conv: a dot-product layer over one or two dimensions where the weights are constant, a product of patches otherwise.</summary>
internal sealed class ConvolutionOperator() : OperatorDefinition("Conv", LayoutRule.ChannelsLast, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var (input, weights) = (context.RequiredFloat(0), context.RequiredFloat(1));
        var dimensions = weights.Dimensions;
        var groups = Groups(context, input, weights);
        var attributes = SpatialAttributes.Read(context, dimensions[2..]);
        CheckBias(context, dimensions[0]);
        var output = new TensorType(ElementType.Float32, attributes.Window.OutputDimensions(input.Dimensions[0], dimensions[0]), Layout.ChannelsLast);
        var geometry = attributes.Geometry(input.Dimensions[1], dimensions[0], groups);
        if (geometry is null || input.Count == 0 || weights.Constant is null || context.Optional(2) is { Constant: null })
            return new PatchProductPlan(attributes.Window, PatchWeights.Forward(weights, groups), context.Optional(2) is not null, output);
        var kind = groups == 1 ? LayerKind.Convolution : geometry.ChannelsPerGroup == 1 ? LayerKind.DepthwiseConvolution : LayerKind.GroupedConvolution;
        var bias = context.Optional(2) is null ? new float[dimensions[0]] : context.RequiredFloats(2);
        var layer = new ProductLayer(context.Node.Name, kind, geometry, ChannelsLast(weights.Constant.AsSpan<float>(), geometry), bias, input.Dimensions[0]);
        return ProductPlans.Create(layer, context.Lowered, output);
    }

    /// <summary>Reads and checks the number of groups of weights [outputs][channels of a group][kernel…].</summary>
    /// <param name="context">The node.</param>
    /// <param name="input">The input.</param>
    /// <param name="weights">The weights.</param>
    /// <returns>The number of groups.</returns>
    public static int Groups(NodeContext context, TensorType input, TensorType weights)
    {
        if (weights.Rank != input.Rank || weights.Rank < 3 || weights.Count == 0) throw context.Fail($"weights {weights} do not fit input {input}");
        var groups = (int)Math.Clamp(context.Node.Integer("group", 1), 0, int.MaxValue);
        if (groups < 1 || weights.Dimensions[0] % groups != 0 || input.Dimensions[1] != (long)weights.Dimensions[1] * groups)
            throw context.Fail($"weights {weights} and group {groups} do not fit input {input}");
        if (context.Node.Integers("kernel_shape") is { } kernel && !weights.Dimensions[2..].SequenceEqual(kernel))
            throw context.Fail($"kernel_shape [{string.Join(",", kernel)}] is not that of the weights {weights}");
        return groups;
    }

    /// <summary>Checks the optional bias.</summary>
    /// <param name="context">The node.</param>
    /// <param name="outputs">Output channels.</param>
    public static void CheckBias(NodeContext context, int outputs)
    {
        if (context.Optional(2) is null) return;
        var bias = context.RequiredFloat(2);
        if (bias.Count != outputs) throw context.Fail($"bias {bias} has {bias.Count} elements where {outputs} are needed");
    }

    /// <summary>Weights [outputs][channels][kernel] as [outputs][kernel][channels].</summary>
    private static float[] ChannelsLast(ReadOnlySpan<float> weights, ConvolutionGeometry g)
    {
        var positions = g.KernelHeight * g.KernelWidth;
        var result = new float[weights.Length];
        for (var m = 0; m < g.OutChannels; m++)
        {
            for (var c = 0; c < g.ChannelsPerGroup; c++)
            {
                for (var position = 0; position < positions; position++)
                    result[(m * g.Depth) + (position * g.ChannelsPerGroup) + c] = weights[(m * g.Depth) + (c * positions) + position];
            }
        }

        return result;
    }
}
