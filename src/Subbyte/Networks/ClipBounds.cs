using Subbyte.Tensors;

namespace Subbyte.Networks;

/// <summary>Between which numbers a Relu or Clip clamps.</summary>
internal static class ClipBounds
{
    /// <summary>The bounds of a node.</summary>
    /// <param name="clip">A Relu or Clip.</param>
    /// <param name="network">Its network.</param>
    /// <returns>Lower and upper end, infinite where there is none; NaN where it is not a constant, which is as good as unknown.</returns>
    public static (float Lowest, float Highest) Of(Node clip, Network network)
    {
        if (clip.OpType == "Relu") return (0, float.PositiveInfinity);
        return (Bound(clip, 1, "min", float.NegativeInfinity, network), Bound(clip, 2, "max", float.PositiveInfinity, network));
    }

    private static float Bound(Node clip, int index, string attribute, float absent, Network network)
    {
        if (clip.Inputs.Count <= index || clip.Inputs[index].Length == 0) return clip.Float(attribute, absent);
        return network.Constants.TryGetValue(clip.Inputs[index], out var bound) && bound is { ElementType: ElementType.Float32, Length: 1 } ? bound.AsSpan<float>()[0] : float.NaN;
    }
}
