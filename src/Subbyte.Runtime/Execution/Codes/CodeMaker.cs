using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>A product that may write codes: what is known of its results.</summary>
internal sealed class CodeMaker
{
    private readonly ISumTiles? _sums;
    private readonly IReadOnlyList<ITileStep>? _behind;

    /// <summary>A product.</summary>
    /// <param name="step">The step, which may have taken others in.</param>
    /// <param name="length">Elements that it makes.</param>
    public CodeMaker(PackedStep step, int length)
    {
        (Step, Length, Channels) = (step, length, step.TileChannels);
        (_sums, _behind) = step is FusedStep fused ? (fused.Product as ISumTiles, fused.Behind) : (step as ISumTiles, []);
    }

    /// <summary>The step.</summary>
    public PackedStep Step { get; }

    /// <summary>Elements that it makes.</summary>
    public int Length { get; }

    /// <summary>Channels of a pixel.</summary>
    public int Channels { get; }

    /// <summary>Whether every window of a pooling lies at least in part inside the map.</summary>
    /// <param name="g">Sizes.</param>
    /// <returns>True when each has a pixel.</returns>
    public static bool HasPixels(ConvolutionGeometry g)
        => HasPixels(g.OutHeight, g.StrideHeight, g.PadTop, g.KernelHeight, g.DilationHeight, g.InHeight) && HasPixels(g.OutWidth, g.StrideWidth, g.PadLeft, g.KernelWidth, g.DilationWidth, g.InWidth);

    /// <summary>Integer thresholds of the codes.</summary>
    /// <param name="steps">Steps between the product and the codes.</param>
    /// <param name="form">The form of the codes.</param>
    /// <returns>The thresholds, or null where the results are no monotone functions of one sum each.</returns>
    public SumThresholds? Thresholds(IReadOnlyList<ITileStep> steps, CodeForm form) => Chain(steps) is { } chain ? SumThresholds.Find(chain, form) : null;

    /// <summary>
    /// Channels whose codes descend with what is pooled. The maximum of codes is the code of the maximum where codes ascend, or all descend; results that are NaN,
    /// which a maximum passes over, must not be there or have the lowest code.
    /// </summary>
    /// <param name="branch">The way to the codes.</param>
    /// <param name="form">Their form.</param>
    /// <returns>Bits of the channels, or null where codes cannot be pooled.</returns>
    public uint[]? Flips(CodeBranch branch, CodeForm form)
    {
        var flips = new uint[BitPacking.Words(Channels)];
        var behind = branch.Steps.Skip(branch.Pooled).ToArray();
        for (var c = 0; c < Channels; c++)
        {
            var direction = form.Direction(form.Planes == 0 ? 0 : c);
            foreach (var step in behind) direction *= step.Direction(c);
            if (direction is null || (direction < 0 && form.Planes == 0)) return null;
            if (direction < 0) flips[c / BitPacking.WordBits] |= 1u << (c % BitPacking.WordBits);
        }

        if (Chain(branch.Steps) is not null) return flips;
        return behind.Length == 0 && flips.AsSpan().IndexOfAnyExcept(0u) < 0 && form.NotANumberIsLowest(Channels) ? flips : null;
    }

    /// <summary>What becomes of the product's sums, where all values are finite and monotone; otherwise null.</summary>
    private SumChain? Chain(IReadOnlyList<ITileStep> steps)
    {
        if (_sums is null || _behind is null) return null;
        var chain = new SumChain(_sums, [.. _behind, .. steps], Channels);
        return chain.IsMonotone() ? chain : null;
    }

    private static bool HasPixels(int count, int stride, int pad, int kernel, int dilation, int size)
    {
        for (var position = 0; position < count; position++)
        {
            var start = (position * stride) - pad;
            var tap = 0;
            while (tap < kernel && start + (tap * dilation) < 0) tap++;
            if (tap == kernel || start + (tap * dilation) >= size) return false;
        }

        return true;
    }
}
