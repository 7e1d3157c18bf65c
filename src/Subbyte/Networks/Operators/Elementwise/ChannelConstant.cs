using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Constants that broadcasting pairs with the channels of a map.</summary>
internal static class ChannelConstant
{
    /// <summary>The constant of each index along the innermost dimension in memory, such as the channels of a map.</summary>
    /// <param name="constant">The operand.</param>
    /// <param name="map">The map, as large as the result.</param>
    /// <returns>A value a channel, or null where the operand is something else.</returns>
    public static float[]? Of(TensorType constant, TensorType map)
    {
        if (constant.Constant is not { } values || map.ElementType != ElementType.Float32 || constant.ElementType != ElementType.Float32) return null;
        if (map.Rank < 2) return null;
        var innermost = map.PhysicalAxis(1) == map.Rank - 1 ? 1 : map.Rank - 1;
        var channels = map.Dimensions[innermost];
        if (constant.Count == 1 && constant.Rank <= map.Rank) return [.. Enumerable.Repeat(values.AsSpan<float>()[0], channels)];
        var axis = innermost - (map.Rank - constant.Rank);
        return constant.Count == channels && axis >= 0 && constant.Dimensions[axis] == channels ? values.AsSpan<float>().ToArray() : null;
    }
}
