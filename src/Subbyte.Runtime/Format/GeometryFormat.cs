using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>Sizes of a convolution in a file.</summary>
internal static class GeometryFormat
{
    private const int LargestSide = 1 << 20;
    private const int LargestKernel = 1 << 12;

    /// <summary>Writes the sizes.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="g">The sizes.</param>
    public static void Write(PackedWriter writer, ConvolutionGeometry g)
    {
        foreach (var value in new[] { g.InHeight, g.InWidth, g.InChannels, g.OutChannels, g.KernelHeight, g.KernelWidth, g.StrideHeight, g.StrideWidth, g.PadTop, g.PadLeft, g.PadBottom, g.PadRight, g.DilationHeight, g.DilationWidth, g.Groups })
            writer.Int32(value);
    }

    /// <summary>Reads and checks the sizes.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="input">Elements of the input.</param>
    /// <param name="output">Elements of the output.</param>
    /// <returns>The sizes.</returns>
    /// <exception cref="PackedFormatException">They contradict themselves or the values that they belong to.</exception>
    public static ConvolutionGeometry Read(PackedReader reader, int input, int output)
    {
        var g = new ConvolutionGeometry
        {
            InHeight = reader.Int32(1, LargestSide, "the height"),
            InWidth = reader.Int32(1, LargestSide, "the width"),
            InChannels = reader.Int32(1, LargestSide, "the number of input channels"),
            OutChannels = reader.Int32(1, LargestSide, "the number of output channels"),
            KernelHeight = reader.Int32(1, LargestKernel, "the kernel's height"),
            KernelWidth = reader.Int32(1, LargestKernel, "the kernel's width"),
            StrideHeight = reader.Int32(1, LargestKernel, "the vertical stride"),
            StrideWidth = reader.Int32(1, LargestKernel, "the horizontal stride"),
            PadTop = reader.Int32(0, LargestKernel, "the padding above"),
            PadLeft = reader.Int32(0, LargestKernel, "the padding to the left"),
            PadBottom = reader.Int32(0, LargestKernel, "the padding below"),
            PadRight = reader.Int32(0, LargestKernel, "the padding to the right"),
            DilationHeight = reader.Int32(1, LargestKernel, "the vertical dilation"),
            DilationWidth = reader.Int32(1, LargestKernel, "the horizontal dilation"),
            Groups = reader.Int32(1, LargestSide, "the number of groups"),
        };
        if (g.InChannels % g.Groups != 0 || g.OutChannels % g.Groups != 0) throw reader.Fail($"{g.Groups} groups do not divide {g.InChannels} and {g.OutChannels} channels");
        var height = g.InHeight + g.PadTop + g.PadBottom - (((g.KernelHeight - 1) * g.DilationHeight) + 1);
        var width = g.InWidth + g.PadLeft + g.PadRight - (((g.KernelWidth - 1) * g.DilationWidth) + 1);
        if (height < 0 || width < 0) throw reader.Fail("the kernel is larger than the padded map");
        if ((long)g.InHeight * g.InWidth > input || (long)g.InHeight * g.InWidth * g.InChannels != input) throw reader.Fail($"a map of {g.InHeight}×{g.InWidth}×{g.InChannels} is not a value of {input} elements");
        if ((long)g.OutHeight * g.OutWidth > output || (long)g.OutHeight * g.OutWidth * g.OutChannels != output) throw reader.Fail($"a map of {g.OutHeight}×{g.OutWidth}×{g.OutChannels} is not a value of {output} elements");
        return g;
    }
}
