using Subbyte.Networks;

namespace Subbyte.Tests.Networks.Operators;

/// <summary>A window over one to three spatial axes, as attributes and as plain arithmetic.</summary>
internal sealed class RandomWindow
{
    private RandomWindow(Random random, bool pads)
    {
        var rank = random.Next(1, 4);
        Sizes = Numbers(rank, () => random.Next(4, 8));
        Kernel = Numbers(rank, () => random.Next(1, 4));
        Strides = Numbers(rank, () => random.Next(1, 4));
        Dilations = [.. Kernel.Select(kernel => kernel == 3 ? 1 : random.Next(1, 3))];
        Begin = [.. Kernel.Select(kernel => pads ? random.Next(0, kernel) : 0)];
        End = [.. Kernel.Select(kernel => pads ? random.Next(0, kernel) : 0)];
    }

    public int[] Sizes { get; }

    public int[] Kernel { get; }

    public int[] Strides { get; }

    public int[] Dilations { get; }

    public int[] Begin { get; }

    public int[] End { get; }

    public int Rank => Sizes.Length;

    public (string, AttributeValue)[] Attributes =>
    [
        ("kernel_shape", Longs(Kernel)), ("strides", Longs(Strides)), ("dilations", Longs(Dilations)), ("pads", Longs([.. Begin, .. End])),
    ];

    public static RandomWindow Draw(Random random, bool pads = true) => new(random, pads);

    public static long[] Longs(int[] values) => [.. values.Select(value => (long)value)];

    /// <summary>Outputs of each axis, counted by sliding: a window counts when it ends inside, or, where partial ones count, begins before the padding at the end.</summary>
    public int[] Outputs(bool partial = false) => [.. Enumerable.Range(0, Rank).Select(axis => Enumerable.Range(0, 100).TakeWhile(output => Fits(axis, output, partial)).Count())];

    /// <summary>The input position of a kernel position at an output position, maybe outside.</summary>
    public int[] Source(int[] output, int[] tap) => [.. Enumerable.Range(0, Rank).Select(axis => (output[axis] * Strides[axis]) - Begin[axis] + (tap[axis] * Dilations[axis]))];

    public bool IsInside(int[] position) => Enumerable.Range(0, Rank).All(axis => position[axis] >= 0 && position[axis] < Sizes[axis]);

    /// <summary>Every index of a shape, the last axis fastest.</summary>
    public static IEnumerable<int[]> Walk(int[] shape)
    {
        var count = shape.Aggregate(1, (product, size) => product * size);
        for (var i = 0; i < count; i++)
        {
            var (index, rest) = (new int[shape.Length], i);
            for (var axis = shape.Length - 1; axis >= 0; axis--) (rest, index[axis]) = Math.DivRem(rest, shape[axis]);
            yield return index;
        }
    }

    /// <summary>Place of an index in row-major order.</summary>
    public static int Flat(int[] shape, params int[] index) => index.Zip(shape).Aggregate(0, (flat, axis) => (flat * axis.Second) + axis.First);

    private bool Fits(int axis, int output, bool partial)
    {
        var start = output * Strides[axis];
        var padded = Sizes[axis] + Begin[axis] + End[axis];
        var isWhole = start + ((Kernel[axis] - 1) * Dilations[axis]) < padded;
        // One partial window at most: the one that the last whole window's stride leads to.
        var follows = start - Strides[axis] + ((Kernel[axis] - 1) * Dilations[axis]) + 1 < padded;
        return isWhole || (partial && follows && start < Sizes[axis] + Begin[axis]);
    }

    private static int[] Numbers(int count, Func<int> draw) => [.. Enumerable.Range(0, count).Select(_ => draw())];
}
