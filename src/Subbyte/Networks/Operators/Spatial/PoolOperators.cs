using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>MaxPool over any number of dimensions, in float or 8-bit integers, with the indices of the maxima where they are read.</summary>
internal sealed class MaxPoolOperator() : OperatorDefinition("MaxPool", LayoutRule.ChannelsLast, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        if (input.ElementType is not (ElementType.Float32 or ElementType.Int8 or ElementType.UInt8)) throw context.Fail($"{input} cannot be pooled; floating point, int8 and uint8 can");
        var attributes = PoolAttributes.Read(context);
        var (batch, channels) = (input.Dimensions[0], input.Dimensions[1]);
        var output = new TensorType(input.ElementType, attributes.Window.OutputDimensions(batch, channels), Layout.ChannelsLast);
        var indices = context.Node.Outputs.Count > 1 && context.Node.Outputs[1].Length > 0;
        if (!indices && input.ElementType == ElementType.Float32 && attributes.Geometry(channels, channels, channels) is { } geometry) return new GeometryPoolPlan(geometry, batch, isMax: true, countPadding: false, output);
        if (!indices) return new WindowMaximumPlan(attributes.Window, columnMajor: false, output);
        var columnMajor = context.Node.Integer("storage_order", 0) != 0;
        return new WindowMaximumPlan(attributes.Window, columnMajor, output, new TensorType(ElementType.Int64, output.Dimensions, Layout.ChannelsLast));
    }
}

/// <summary>AveragePool over any number of dimensions.</summary>
internal sealed class AveragePoolOperator() : OperatorDefinition("AveragePool", LayoutRule.ChannelsLast, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        var attributes = PoolAttributes.Read(context);
        var (batch, channels) = (input.Dimensions[0], input.Dimensions[1]);
        var countPadding = context.Node.Integer("count_include_pad", 0) != 0;
        var output = new TensorType(ElementType.Float32, attributes.Window.OutputDimensions(batch, channels), Layout.ChannelsLast);
        // With ceil_mode a last window may reach beyond the padding. Where padding counts, so does what lies there, as in ONNX's own cases; ONNX Runtime leaves it out.
        if (attributes.Geometry(channels, channels, channels) is { } geometry) return new GeometryPoolPlan(geometry, batch, isMax: false, countPadding, output);
        return new WindowAveragePlan(attributes.Window, countPadding, output);
    }
}

/// <summary>LpPool: the p-norm of each window.</summary>
internal sealed class NormPoolOperator() : OperatorDefinition("LpPool", LayoutRule.ChannelsLast, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        var attributes = PoolAttributes.Read(context);
        var output = new TensorType(ElementType.Float32, attributes.Window.OutputDimensions(input.Dimensions[0], input.Dimensions[1]), Layout.ChannelsLast);
        return new WindowNormPlan(attributes.Window, PNorm.Read(context), output);
    }
}

/// <summary>What the pooling operators share.</summary>
internal static class PoolAttributes
{
    // A kernel costs nothing in the file but time at every position: one that lies nearly all in the padding is a mistake, or worse.
    private const int LargestPadded = 64;

    /// <summary>Reads kernel_shape and the attributes of the window.</summary>
    /// <param name="context">The node.</param>
    /// <returns>The attributes.</returns>
    public static SpatialAttributes Read(NodeContext context)
    {
        var kernel = context.Node.Integers("kernel_shape") ?? throw context.Fail("has no kernel_shape");
        var input = context.Required(0);
        for (var i = 0; i < Math.Min(kernel.Length, input.Rank - 2); i++)
        {
            if (kernel[i] > Math.Max(LargestPadded, 4L * input.Dimensions[i + 2])) throw context.Fail($"a kernel of {kernel[i]} lies nearly all outside an input of {input.Dimensions[i + 2]}");
        }

        return SpatialAttributes.Read(context, kernel);
    }
}
