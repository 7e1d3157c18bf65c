namespace Subbyte.Experiments.Verification.Operators.Families;

/// <summary>A window over one to three spatial dimensions: kernel, strides, dilations and padding.</summary>
internal sealed class RandomWindow
{
    private readonly int[] _smallest;
    private readonly string? _auto;
    private readonly long[]? _pads;

    private RandomWindow(int[] kernel, long[] strides, long[] dilations, string? auto, long[]? pads)
    {
        (Kernel, Strides, Dilations, _auto, _pads) = (kernel, strides, dilations, auto, pads);
        _smallest = [.. kernel.Select((size, axis) => ((size - 1) * (int)dilations[axis]) + 1)];
    }

    /// <summary>Kernel sizes.</summary>
    public int[] Kernel { get; }

    /// <summary>Strides.</summary>
    public long[] Strides { get; }

    /// <summary>Dilations.</summary>
    public long[] Dilations { get; }

    /// <summary>Whether padding is computed from the shapes.</summary>
    public bool IsAutomatic => _auto is not (null or "NOTSET");

    /// <summary>Positions of the kernel.</summary>
    public int Positions => Kernel.Aggregate(1, (product, size) => product * size);

    /// <summary>Draws a window.</summary>
    /// <param name="random">The source.</param>
    /// <param name="dilated">Whether it may be dilated.</param>
    /// <param name="transposed">Whether it is a transposed convolution's.</param>
    /// <param name="narrowPads">Whether padding is narrower than the kernel, as pooling asks.</param>
    /// <returns>The window.</returns>
    public static RandomWindow Draw(CaseRandom random, bool dilated, bool transposed = false, bool narrowPads = false)
    {
        var rank = random.OneOf(1, 2, 2, 2, 2, 3);
        int[] kernel = [.. Enumerable.Range(0, rank).Select(_ => random.Chance(15) ? 1 : random.Between(1, rank == 3 ? 3 : 5))];
        long[] strides = [.. Enumerable.Range(0, rank).Select(_ => random.Chance(50) ? 1L : random.Between(1, 3))];
        long[] dilations = [.. Enumerable.Range(0, rank).Select(_ => dilated && random.Chance(30) ? 2L : 1)];
        var automatic = random.Chance(30);
        // ONNX Runtime rejects automatic padding of dilated windows.
        if (automatic) dilations = [.. dilations.Select(_ => 1L)];
        // ONNX Runtime computes negative padding, and from it other shapes than ONNX's, where windows leave gaps.
        var gaps = kernel.Where((size, axis) => size < strides[axis]).Any();
        var auto = automatic ? random.OneOf("VALID", gaps ? "VALID" : "SAME_UPPER", gaps ? "VALID" : "SAME_LOWER") : random.Chance(20) ? "NOTSET" : null;
        // Cropping a transposed convolution must leave something.
        long Pad(int axis) => random.Between(0, Math.Max(0, transposed ? (kernel[axis] - 1) / 2 : narrowPads ? kernel[axis] - 1 : kernel[axis]));
        long[]? pads = automatic || random.Chance(40) ? null : [.. Enumerable.Range(0, 2 * rank).Select(side => Pad(side % rank))];
        return new RandomWindow(kernel, strides, dilations, auto, pads);
    }

    /// <summary>Draws an image that the window fits.</summary>
    /// <param name="random">The source.</param>
    /// <param name="channels">Number of channels.</param>
    /// <returns>[N, C, …].</returns>
    public int[] Image(CaseRandom random, int channels) => random.Image(Kernel.Length, channels, _smallest.Max());

    /// <summary>Sets the attributes.</summary>
    /// <param name="builder">The case.</param>
    /// <param name="withKernel">Whether the kernel's shape is stated, which convolutions need not.</param>
    public void AddTo(CaseBuilder builder, bool withKernel)
    {
        if (withKernel) builder.Attribute("kernel_shape", Kernel.Select(size => (long)size).ToArray());
        if (Strides.Any(stride => stride != 1) || Kernel.Length == 1) builder.Attribute("strides", Strides);
        if (Dilations.Any(dilation => dilation != 1)) builder.Attribute("dilations", Dilations);
        if (_auto is not null) builder.Attribute("auto_pad", _auto);
        if (_pads is not null) builder.Attribute("pads", _pads);
    }
}
