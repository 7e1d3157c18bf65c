using Subbyte.Tensors;

namespace Subbyte.Runtime;

/// <summary>Where a box of elements lies.</summary>
/// <param name="Start">Its first element.</param>
/// <param name="Strides">Elements from one index to the next along each dimension.</param>
public sealed record BoxPlace(int Start, IReadOnlyList<int> Strides)
{
    internal int[] StrideArray { get; } = [.. Strides];

    /// <summary>Checks that the box lies inside a value.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="counts">Size of the box.</param>
    /// <param name="length">Elements of the value.</param>
    internal void Check(PackedReader reader, int[] counts, int length)
    {
        long lowest = Start, highest = Start;
        for (var i = 0; i < counts.Length; i++)
        {
            var reach = (counts[i] - 1L) * StrideArray[i];
            if (reach < 0) lowest += reach;
            else highest += reach;
        }

        if (lowest < 0 || highest >= length) throw reader.Fail($"a box of elements {lowest} to {highest} leaves a value of {length}");
    }
}

/// <summary>Fills a value and copies a box of elements into it: slices, strides, padding, repetition.</summary>
public sealed class BoxStep(string name, IReadOnlyList<int> inputs, int output, float fill, int[] counts, BoxPlace source, BoxPlace target) : PackedStep(name, inputs, output)
{
    private const int MostDimensions = 12;
    private const long MostElements = 1 << 28;

    /// <inheritdoc/>
    public override string Description => "box";

    internal override StepKind Kind => StepKind.Box;

    internal static BoxStep Read(PackedReader reader, StepPlace place)
    {
        var fill = reader.Single("what fills the value");
        var counts = reader.Int32s(MostDimensions, 1, 1 << 28, "sizes of a box");
        long elements = 1;
        foreach (var count in counts)
        {
            elements *= count;
            if (elements > MostElements) throw reader.Fail($"a box has more than {MostElements} elements");
        }

        var source = Place(reader, counts, place.InputLength);
        return new BoxStep(place.Name, place.Inputs, place.Output, fill, counts, source, Place(reader, counts, place.OutputLength));
    }

    internal override void Write(PackedWriter writer)
    {
        writer.Single(fill);
        writer.Int32s(counts);
        foreach (var place in new[] { source, target })
        {
            writer.Int32(place.Start);
            writer.Int32s(place.StrideArray);
        }
    }

    internal override void RunTile(SessionFrame frame, int tile, int worker)
    {
        var result = frame.Value(Output);
        result.Fill(fill);
        Strided.Copy<float>(frame.Value(Inputs[0]), source.Start, source.StrideArray, result, target.Start, target.StrideArray, counts);
    }

    private static BoxPlace Place(PackedReader reader, int[] counts, int length)
    {
        var start = reader.Int32(0, length - 1, "the first element of a box");
        var strides = reader.Int32s(MostDimensions, int.MinValue, int.MaxValue, "strides of a box");
        if (strides.Length != counts.Length) throw reader.Fail($"a box of {counts.Length} dimensions has {strides.Length} strides");
        var place = new BoxPlace(start, strides);
        place.Check(reader, counts, length);
        return place;
    }
}
