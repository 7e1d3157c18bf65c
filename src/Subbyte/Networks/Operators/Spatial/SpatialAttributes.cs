using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Kernel, strides, dilations and padding of convolution and pooling nodes over one or two spatial dimensions.</summary>
internal static class SpatialAttributes
{
    // Sums of two padded extents stay far from the end of 32 bits.
    private const int LargestExtent = 1 << 24;

    /// <summary>Reads the attributes for one sample of an input [N, C, (H,) W].</summary>
    /// <param name="context">The node.</param>
    /// <param name="kernel">Kernel sizes.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="groups">Number of groups.</param>
    /// <returns>The geometry; a one-dimensional input has height 1.</returns>
    public static ConvolutionGeometry Read(NodeContext context, ReadOnlySpan<int> kernel, int outputs, int groups)
    {
        var input = context.Required(0).Dimensions;
        var rank = input.Length - 2;
        if (rank is < 1 or > 2) throw context.Fail($"a kernel over {rank} dimensions is not supported; 1 or 2 are");
        if (kernel.Length != rank) throw context.Fail($"kernel has {kernel.Length} dimensions where the input has {rank}");
        var strides = context.Node.Integers("strides") ?? [.. Enumerable.Repeat(1, rank)];
        var dilations = context.Node.Integers("dilations") ?? [.. Enumerable.Repeat(1, rank)];
        if (strides.Length != rank || dilations.Length != rank) throw context.Fail("strides and dilations need one number for each dimension of the kernel");
        for (var i = 0; i < rank; i++)
        {
            if (kernel[i] < 1 || strides[i] < 1 || dilations[i] < 1) throw context.Fail("kernel, strides and dilations must be positive");
        }

        for (var i = 0; i < rank; i++)
        {
            if (((kernel[i] - 1L) * dilations[i]) + 1 > LargestExtent || input[i + 2] > LargestExtent) throw context.Fail($"a kernel or an input of more than {LargestExtent} positions is not supported");
        }

        if (ElementTypes.ElementCount(kernel) > LargestExtent) throw context.Fail($"a kernel of more than {LargestExtent} positions is not supported");
        var pads = Pads(context, input[2..], kernel, strides, dilations);
        var ceil = context.Node.Integer("ceil_mode", 0) != 0;
        var geometry = new ConvolutionGeometry
        {
            InHeight = rank == 2 ? input[2] : 1,
            InWidth = input[^1],
            InChannels = input[1],
            OutChannels = outputs,
            KernelHeight = rank == 2 ? kernel[0] : 1,
            KernelWidth = kernel[^1],
            StrideHeight = rank == 2 ? strides[0] : 1,
            StrideWidth = strides[^1],
            DilationHeight = rank == 2 ? dilations[0] : 1,
            DilationWidth = dilations[^1],
            PadTop = rank == 2 ? pads[0] : 0,
            PadLeft = rank == 2 ? pads[1] : pads[0],
            PadBottom = rank == 2 ? pads[2] : 0,
            PadRight = rank == 2 ? pads[3] : pads[1],
            Groups = groups,
        };
        if (ceil) geometry = RoundUp(geometry);
        if (geometry.OutHeight < 1 || geometry.OutWidth < 1 || geometry.InHeight < 1 || geometry.InWidth < 1)
            throw context.Fail($"the kernel does not fit its input {context.Required(0)}");
        if ((long)geometry.OutHeight * geometry.OutWidth > int.MaxValue) throw context.Fail("its output has more positions than can be held");
        return geometry;
    }

    /// <summary>Output dimensions [N, C, (H,) W].</summary>
    /// <param name="context">The node.</param>
    /// <param name="geometry">Geometry of one sample.</param>
    /// <returns>The dimensions.</returns>
    public static int[] OutputDimensions(NodeContext context, ConvolutionGeometry geometry)
    {
        var input = context.Required(0).Dimensions;
        return input.Length == 4
            ? [input[0], geometry.OutChannels, geometry.OutHeight, geometry.OutWidth]
            : [input[0], geometry.OutChannels, geometry.OutWidth];
    }

    private static int[] Pads(NodeContext context, ReadOnlySpan<int> sizes, ReadOnlySpan<int> kernel, int[] strides, int[] dilations)
    {
        var rank = sizes.Length;
        var auto = context.Node.Text("auto_pad", "NOTSET");
        if (auto is "NOTSET" or "")
        {
            var pads = context.Node.Integers("pads") ?? new int[2 * rank];
            if (pads.Length != 2 * rank || pads.Any(pad => pad is < 0 or > 1 << 20)) throw context.Fail("pads must be two non-negative numbers for each dimension of the kernel");
            return pads;
        }

        var computed = new int[2 * rank];
        if (auto == "VALID") return computed;
        if (auto is not ("SAME_UPPER" or "SAME_LOWER")) throw context.Fail($"auto_pad '{auto}' is unknown");
        for (var i = 0; i < rank; i++)
        {
            var outputs = (sizes[i] + strides[i] - 1) / strides[i];
            var total = Math.Max(0, ((outputs - 1) * strides[i]) + ((kernel[i] - 1) * dilations[i]) + 1 - sizes[i]);
            computed[i] = auto == "SAME_UPPER" ? total / 2 : total - (total / 2);
            computed[i + rank] = total - computed[i];
        }

        return computed;
    }

    /// <summary>Pads the end so that the last, partial window counts; a window that would begin in the padding does not.</summary>
    private static ConvolutionGeometry RoundUp(ConvolutionGeometry g)
    {
        var bottom = EndPad(g.InHeight, g.PadTop, g.PadBottom, ((g.KernelHeight - 1) * g.DilationHeight) + 1, g.StrideHeight);
        var right = EndPad(g.InWidth, g.PadLeft, g.PadRight, ((g.KernelWidth - 1) * g.DilationWidth) + 1, g.StrideWidth);
        return g with { PadBottom = bottom, PadRight = right };
    }

    private static int EndPad(int size, int before, int after, int kernel, int stride)
    {
        var span = size + before + after - kernel;
        var outputs = ((span + stride - 1) / stride) + 1;
        if ((outputs - 1) * stride >= size + before) outputs--;
        return Math.Max(after, ((outputs - 1) * stride) + kernel - size - before);
    }
}
