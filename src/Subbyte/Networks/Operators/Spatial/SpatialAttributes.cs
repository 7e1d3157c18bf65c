using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Kernel, strides, dilations and padding of convolution and pooling nodes over any number of spatial dimensions.</summary>
internal sealed class SpatialAttributes
{
    // Sums of two padded extents stay far from the end of 32 bits.
    private const int LargestExtent = 1 << 24;
    private const int LargestPad = 1 << 20;

    private SpatialAttributes(NodeContext context, int[] kernel)
    {
        var input = context.Required(0);
        var rank = input.Rank - 2;
        if (rank < 1) throw context.Fail($"{input} has no spatial dimensions");
        if (kernel.Length != rank) throw context.Fail($"kernel has {kernel.Length} dimensions where the input has {rank}");
        Sizes = input.Dimensions[2..].ToArray();
        Kernel = kernel;
        Strides = PerAxis(context, "strides", rank);
        Dilations = PerAxis(context, "dilations", rank);
        for (var i = 0; i < rank; i++)
        {
            if (kernel[i] < 1 || Strides[i] < 1 || Dilations[i] < 1) throw context.Fail("kernel, strides and dilations must be positive");
            if (((kernel[i] - 1L) * Dilations[i]) + 1 > LargestExtent || Sizes[i] > LargestExtent || Strides[i] > LargestExtent)
                throw context.Fail($"a kernel, a stride or an input of more than {LargestExtent} positions is not supported");
            if (Sizes[i] < 1) throw context.Fail($"{input} has no positions");
        }

        if (ElementTypes.ElementCount(kernel) > LargestExtent) throw context.Fail($"a kernel of more than {LargestExtent} positions is not supported");
    }

    /// <summary>Input positions of each spatial dimension.</summary>
    public int[] Sizes { get; }

    /// <summary>Kernel positions of each dimension.</summary>
    public int[] Kernel { get; }

    /// <summary>Strides.</summary>
    public int[] Strides { get; }

    /// <summary>Dilations.</summary>
    public int[] Dilations { get; }

    /// <summary>Padding before and after each dimension.</summary>
    public (int[] Begin, int[] End) Pads { get; private set; } = ([], []);

    /// <summary>The window.</summary>
    public SpatialWindow Window { get; private set; } = null!;

    private int Rank => Kernel.Length;

    /// <summary>Reads the attributes of a convolution or pooling.</summary>
    /// <param name="context">The node; its first input is [N, C, spatial…].</param>
    /// <param name="kernel">Kernel sizes.</param>
    /// <returns>The attributes.</returns>
    public static SpatialAttributes Read(NodeContext context, ReadOnlySpan<int> kernel)
    {
        var attributes = new SpatialAttributes(context, kernel.ToArray());
        attributes.ReadForward(context);
        return attributes;
    }

    /// <summary>Reads the attributes of a transposed convolution.</summary>
    /// <param name="context">The node; its first input is [N, C, spatial…].</param>
    /// <param name="kernel">Kernel sizes.</param>
    /// <returns>The attributes.</returns>
    public static SpatialAttributes ReadTransposed(NodeContext context, ReadOnlySpan<int> kernel)
    {
        var attributes = new SpatialAttributes(context, kernel.ToArray());
        attributes.ReadBackward(context);
        return attributes;
    }

    /// <summary>The geometry of one sample over one or two dimensions, for kernels; a one-dimensional input has height 1.</summary>
    /// <param name="channels">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="groups">Groups.</param>
    /// <returns>The geometry, or null over three dimensions and more.</returns>
    public ConvolutionGeometry? Geometry(int channels, int outputs, int groups)
    {
        if (Rank > 2) return null;
        var (height, width) = (Rank - 2, Rank - 1);
        return new ConvolutionGeometry
        {
            InHeight = At(Sizes, height, 1),
            InWidth = Sizes[width],
            InChannels = channels,
            OutChannels = outputs,
            KernelHeight = At(Kernel, height, 1),
            KernelWidth = Kernel[width],
            StrideHeight = At(Strides, height, 1),
            StrideWidth = Strides[width],
            DilationHeight = At(Dilations, height, 1),
            DilationWidth = Dilations[width],
            PadTop = At(Pads.Begin, height, 0),
            PadLeft = Pads.Begin[width],
            PadBottom = height < 0 ? 0 : EndPad(height),
            PadRight = EndPad(width),
            Groups = groups,
        };

        static int At(int[] values, int axis, int absent) => axis < 0 ? absent : values[axis];
    }

    /// <summary>Padding after an axis with which the rounded-down formula gives its outputs.</summary>
    private int EndPad(int axis)
        => Math.Max(Pads.End[axis], ((Window.Axes[axis].Output - 1) * Strides[axis]) + Extent(axis) - Sizes[axis] - Pads.Begin[axis]);

    private int Extent(int axis) => ((Kernel[axis] - 1) * Dilations[axis]) + 1;

    private static int[] PerAxis(NodeContext context, string name, int rank)
    {
        var values = context.Node.Integers(name) ?? [.. Enumerable.Repeat(1, rank)];
        return values.Length == rank ? values : throw context.Fail($"{name} need one number for each dimension of the kernel");
    }

    private void ReadForward(NodeContext context)
    {
        var auto = context.Node.Text("auto_pad", "NOTSET");
        Pads = auto is "NOTSET" or "" ? Explicit(context) : Automatic(context, auto, axis => ((Outputs(axis) - 1) * (long)Strides[axis]) + Extent(axis) - Sizes[axis]);
        // With automatic padding both roundings give the same number of windows.
        var ceil = auto is "NOTSET" or "" && context.Node.Integer("ceil_mode", 0) != 0;
        var axes = new WindowAxis[Rank];
        for (var i = 0; i < Rank; i++)
        {
            var span = Sizes[i] + Pads.Begin[i] + Pads.End[i] - Extent(i);
            if (span < 0 && !(ceil && span > -Strides[i])) throw context.Fail($"the kernel does not fit its input {context.Required(0)}");
            var outputs = (int)Math.Floor(span / (double)Strides[i]) + 1;
            if (ceil && span % Strides[i] != 0)
            {
                // A window must not begin in the padding at the end.
                var begins = (long)outputs * Strides[i];
                if (begins < Sizes[i] + Pads.Begin[i]) outputs++;
            }

            if (outputs < 1) throw context.Fail($"the kernel does not fit its input {context.Required(0)}");
            axes[i] = new WindowAxis(Sizes[i], Kernel[i], outputs, Strides[i], Dilations[i], -Pads.Begin[i]);
        }

        Window = new SpatialWindow(axes);

        int Outputs(int axis) => ((Sizes[axis] - 1) / Strides[axis]) + 1;
    }

    private void ReadBackward(NodeContext context)
    {
        var extra = context.Node.Integers("output_padding") ?? new int[Rank];
        if (extra.Length != Rank || extra.Any(value => value is < 0 or > LargestPad)) throw context.Fail("output_padding needs one non-negative number for each dimension of the kernel");
        var auto = context.Node.Text("auto_pad", "NOTSET");
        var asked = context.Node.Integers("output_shape");
        if (asked is not null && asked.Length == Rank + 2) asked = asked[2..];
        if (asked is not null && (asked.Length != Rank || asked.Any(size => size is < 1 or > LargestExtent))) throw context.Fail("output_shape needs one positive number for each dimension of the kernel");
        if (asked is null && auto is "SAME_UPPER" or "SAME_LOWER") asked = [.. Sizes.Select((size, i) => checked(size * Strides[i]))];
        Pads = asked is null ? auto is "NOTSET" or "" ? Explicit(context) : Automatic(context, auto, _ => 0) : Automatic(context, auto is "SAME_UPPER" ? auto : "SAME_LOWER", axis => Full(axis) - asked[axis]);
        var axes = new WindowAxis[Rank];
        for (var i = 0; i < Rank; i++)
        {
            var outputs = asked?[i] ?? Full(i) - Pads.Begin[i] - Pads.End[i];
            if (outputs is < 1 or > LargestExtent) throw context.Fail($"makes {outputs} positions of {Sizes[i]}; 1 to {LargestExtent} are supported");
            axes[i] = new WindowAxis(Sizes[i], Kernel[i], (int)outputs, 1, -Dilations[i], Pads.Begin[i], Strides[i]);
        }

        Window = new SpatialWindow(axes);

        long Full(int axis) => ((Sizes[axis] - 1L) * Strides[axis]) + extra[axis] + Extent(axis);
    }

    private (int[] Begin, int[] End) Explicit(NodeContext context)
    {
        var pads = context.Node.Integers("pads") ?? new int[2 * Rank];
        if (pads.Length != 2 * Rank || pads.Any(pad => pad is < 0 or > LargestPad)) throw context.Fail($"pads must be two numbers from 0 to {LargestPad} for each dimension of the kernel");
        return (pads[..Rank], pads[Rank..]);
    }

    private (int[] Begin, int[] End) Automatic(NodeContext context, string auto, Func<int, long> total)
    {
        if (auto == "VALID") return (new int[Rank], new int[Rank]);
        if (auto is not ("SAME_UPPER" or "SAME_LOWER")) throw context.Fail($"auto_pad '{auto}' is unknown; NOTSET, VALID, SAME_UPPER and SAME_LOWER are supported");
        var totals = Enumerable.Range(0, Rank).Select(axis => checked((int)Math.Max(0, total(axis)))).ToArray();
        int[] smaller = [.. totals.Select(sum => sum / 2)];
        int[] larger = [.. totals.Select(sum => sum - (sum / 2))];
        return auto == "SAME_UPPER" ? (smaller, larger) : (larger, smaller);
    }
}
