using Subbyte.Kernels;
using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators;

/// <summary>Draws what a case is made of. The same seed, operator and number give the same case.</summary>
/// <param name="opType">The operator.</param>
/// <param name="random">Where randomness comes from.</param>
internal sealed class CaseRandom(string opType, SeededRandom random)
{
    /// <summary>The newest operator set whose models are generated: the newest that ONNX Runtime 1.30 reads.</summary>
    public const long NewestOpset = 26;

    /// <summary>A model of the operator at a random version of the operator set.</summary>
    /// <param name="oldest">The oldest version.</param>
    /// <param name="newest">The newest version; that of the operator where it is younger.</param>
    /// <returns>The builder.</returns>
    public CaseBuilder Case(long oldest = 7, long newest = NewestOpset) => new(opType, Between((int)oldest, (int)Math.Max(oldest, newest)));

    /// <summary>An integer of a range.</summary>
    /// <param name="lowest">Lower end, included.</param>
    /// <param name="highest">Upper end, included.</param>
    /// <returns>The integer.</returns>
    public int Between(int lowest, int highest) => lowest + random.Next(highest - lowest + 1);

    /// <summary>Whether something with a probability happens.</summary>
    /// <param name="percent">Probability in percent.</param>
    /// <returns>Whether it does.</returns>
    public bool Chance(int percent) => random.Next(100) < percent;

    /// <summary>One of some choices.</summary>
    /// <typeparam name="T">Their type.</typeparam>
    /// <param name="choices">The choices.</param>
    /// <returns>The chosen one.</returns>
    public T OneOf<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    /// <summary>A real number of a range, on a grid of 2⁻²⁴ of it.</summary>
    /// <param name="lowest">Lower end.</param>
    /// <param name="highest">Upper end.</param>
    /// <returns>The number.</returns>
    public float Real(float lowest, float highest) => lowest + (random.NextFloat() * (highest - lowest));

    /// <summary>A number of channels or columns: each tail of a vector of 4, 8 or 16 elements, often 1 and the widths' neighbours.</summary>
    /// <returns>1 to 40.</returns>
    public int Width() => Chance(40) ? OneOf(1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40) : Between(1, 40);

    /// <summary>Terms of a sum: mostly a <see cref="Width"/>, at times more than a block of a matrix product holds.</summary>
    /// <returns>1 to 700.</returns>
    public int Depth() => Chance(85) ? Width() : Between(41, 700);

    /// <summary>A shape: small dimensions, at times 1, the last as <see cref="Width"/>.</summary>
    /// <param name="rank">Number of dimensions; 0 is a scalar.</param>
    /// <returns>The dimensions.</returns>
    public int[] Shape(int rank)
    {
        var shape = new int[rank];
        for (var i = 0; i < rank; i++) shape[i] = i == rank - 1 ? Width() : Chance(20) ? 1 : Between(2, 5);
        return shape;
    }

    /// <summary>A shape with, rarely, a dimension of no elements.</summary>
    /// <param name="rank">Number of dimensions, at least 1.</param>
    /// <returns>The dimensions.</returns>
    public int[] ShapeOrEmpty(int rank)
    {
        var shape = Shape(rank);
        if (Chance(5)) shape[random.Next(rank)] = 0;
        return shape;
    }

    /// <summary>A shape that broadcasts to another one: leading dimensions left out, others 1.</summary>
    /// <param name="shape">The other one.</param>
    /// <returns>The dimensions.</returns>
    public int[] Broadcastable(int[] shape)
    {
        var kept = shape[(Chance(40) ? random.Next(shape.Length + 1) : 0)..];
        var all = Chance(30);
        return [.. kept.Select(size => !all && Chance(40) ? 1 : size)];
    }

    /// <summary>Dimensions of an image batch.</summary>
    /// <param name="spatial">Number of spatial dimensions.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="smallest">Smallest spatial size.</param>
    /// <returns>[N, C, …].</returns>
    public int[] Image(int spatial, int channels, int smallest = 1)
    {
        var most = Math.Max(smallest, spatial switch { 1 => 40, 2 => 13, _ => 6 });
        return [Chance(70) ? 1 : Between(2, 3), channels, .. Enumerable.Range(0, spatial).Select(_ => Between(smallest, most))];
    }

    /// <summary>An order of axes.</summary>
    /// <param name="rank">Number of axes.</param>
    /// <returns>Each axis once.</returns>
    public long[] Permutation(int rank)
    {
        long[] axes = [.. Enumerable.Range(0, rank)];
        random.Shuffle<long>(axes);
        return axes;
    }

    /// <summary>Some axes, at times counted from the end.</summary>
    /// <param name="rank">Number of axes.</param>
    /// <param name="count">How many; −1 draws it.</param>
    /// <param name="negative">Whether some may be counted from the end.</param>
    /// <returns>Different axes in ascending order of the axes that they mean.</returns>
    public long[] Axes(int rank, int count = -1, bool negative = true)
        => [.. Permutation(rank)[..(count < 0 ? Between(1, rank) : count)].Order().Select(axis => negative && Chance(30) ? axis - rank : axis)];

    /// <summary>Float32 values of a range.</summary>
    /// <param name="shape">Dimensions.</param>
    /// <param name="lowest">Lower end.</param>
    /// <param name="highest">Upper end.</param>
    /// <returns>The tensor.</returns>
    public Tensor Floats(ReadOnlySpan<int> shape, float lowest = -2, float highest = 2) => Values(ElementType.Float32, shape, lowest, highest);

    /// <summary>Values of any type; integers are whole numbers of the range.</summary>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Dimensions.</param>
    /// <param name="lowest">Lower end.</param>
    /// <param name="highest">Upper end, included for integers.</param>
    /// <returns>The tensor.</returns>
    public Tensor Values(ElementType type, ReadOnlySpan<int> shape, float lowest = -2, float highest = 2)
    {
        var tensor = Tensor.Zeros(type, shape);
        var values = new double[tensor.Length];
        var least = type.IsFloatingPoint() ? lowest : Math.Max(lowest, type == ElementType.UInt64 ? 0 : type.IntegerRange().Lowest);
        foreach (ref var value in values.AsSpan()) value = type.IsFloatingPoint() ? Real(lowest, highest) : Math.Floor(least + (random.NextFloat() * (highest - least + 1.0)));
        ElementConversion.Write(values, tensor, 0);
        return tensor;
    }

    /// <summary>Puts, at times, zeros of both signs, infinities, NaN, denormals and halves between float32 values.</summary>
    /// <param name="tensor">The values.</param>
    /// <returns>The same tensor.</returns>
    public Tensor WithSpecial(Tensor tensor)
    {
        if (tensor.ElementType != ElementType.Float32 || Chance(70)) return tensor;
        foreach (ref var value in tensor.AsSpan<float>())
        {
            if (Chance(20)) value = OneOf(0, -0f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.Epsilon, -float.Epsilon, float.MaxValue, 0.5f, 1.5f, 2.5f, -0.5f, -2.5f, 8388609f);
        }

        return tensor;
    }

    /// <summary>Whole numbers of a range, endpoints included, as a type.</summary>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Dimensions.</param>
    /// <param name="lowest">Lower end.</param>
    /// <param name="highest">Upper end.</param>
    /// <returns>The tensor.</returns>
    public Tensor Integers(ElementType type, ReadOnlySpan<int> shape, long lowest, long highest)
    {
        var tensor = Tensor.Zeros(type, shape);
        var values = new long[tensor.Length];
        foreach (ref var value in values.AsSpan()) value = lowest + (long)(random.NextBits() % (ulong)(highest - lowest + 1));
        ElementConversion.Write(values, tensor, 0);
        return tensor;
    }

    /// <summary>All of the range of an integer type of at most 32 bits, its ends more often.</summary>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Dimensions.</param>
    /// <returns>The tensor.</returns>
    public Tensor Codes(ElementType type, ReadOnlySpan<int> shape)
    {
        var (lowest, highest) = type.IntegerRange();
        var tensor = Tensor.Zeros(type, shape);
        var values = new long[tensor.Length];
        foreach (ref var value in values.AsSpan()) value = Chance(10) ? OneOf(lowest, highest) : lowest + (long)(random.NextBits() % (ulong)(highest - lowest + 1));
        ElementConversion.Write(values, tensor, 0);
        return tensor;
    }
}
