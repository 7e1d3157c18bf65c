using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Conv over one or two spatial dimensions with constant weights.</summary>
internal sealed class ConvolutionOperator() : OperatorDefinition("Conv", LayoutRule.ChannelsLast, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        var weights = context.RequiredConstant(1);
        context.RequiredFloat(1);
        if (weights.Rank != input.Rank || weights.Rank < 3 || weights.Length == 0) throw context.Fail($"weights {weights} do not fit input {input}");
        var groups = (int)Math.Clamp(context.Node.Integer("group", 1), 0, int.MaxValue);
        var dimensions = weights.Dimensions;
        if (groups < 1 || dimensions[0] % groups != 0 || input.Dimensions[1] != (long)dimensions[1] * groups)
            throw context.Fail($"weights {weights} and group {groups} do not fit input {input}");
        var geometry = SpatialAttributes.Read(context, dimensions[2..], dimensions[0], groups);
        var bias = context.Optional(2) is null ? new float[dimensions[0]] : context.RequiredFloats(2);
        if (bias.Length != dimensions[0]) throw context.Fail($"bias has {bias.Length} elements where {dimensions[0]} are needed");
        var kind = groups == 1 ? LayerKind.Convolution : geometry.ChannelsPerGroup == 1 ? LayerKind.DepthwiseConvolution : LayerKind.GroupedConvolution;
        var layer = new ProductLayer(context.Node.Name, kind, geometry, ChannelsLast(weights.AsSpan<float>(), geometry), bias, input.Dimensions[0]);
        var output = new TensorType(input.ElementType, SpatialAttributes.OutputDimensions(context, geometry), Layout.ChannelsLast);
        return ProductPlans.Create(layer, context.Lowered, output);
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
