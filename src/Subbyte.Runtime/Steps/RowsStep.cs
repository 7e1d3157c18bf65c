namespace Subbyte.Runtime;

/// <summary>Rows of a table, such as the vectors of words: each value of the input is the number of a row, from the end where it is negative.</summary>
/// <param name="name">Its name.</param>
/// <param name="inputs">The value that it reads.</param>
/// <param name="output">The value that it makes.</param>
/// <param name="rows">Number of rows.</param>
/// <param name="table">The rows, one behind the other.</param>
public sealed class RowsStep(string name, IReadOnlyList<int> inputs, int output, int rows, float[] table) : PackedStep(name, inputs, output)
{
    /// <summary>Beyond that a float does not hold every whole number.</summary>
    public const int MostRows = 1 << 24;

    /// <inheritdoc/>
    public override string Description => "rows of a table";

    /// <inheritdoc/>
    public override long Weights => table.Length;

    /// <inheritdoc/>
    public override long WeightBits => 32L * table.Length;

    internal override StepKind Kind => StepKind.Rows;

    internal static RowsStep Read(PackedReader reader, StepPlace place)
    {
        if (place.OutputLength % place.InputLength != 0) throw reader.Fail($"{place.InputLength} rows do not make {place.OutputLength} elements");
        var rows = reader.Int32(1, MostRows, "the number of rows");
        return new RowsStep(place.Name, place.Inputs, place.Output, rows, reader.Block<float>((long)rows * (place.OutputLength / place.InputLength), "rows of a table").ToArray());
    }

    internal override void Write(PackedWriter writer)
    {
        writer.Int32(rows);
        writer.Block<float>(table);
    }

    internal override void RunTile(SessionFrame frame, int tile, int worker)
    {
        ReadOnlySpan<float> numbers = frame.Value(Inputs[0]);
        var result = frame.Value(Output);
        var width = table.Length / rows;
        for (var i = 0; i < numbers.Length; i++)
        {
            var number = numbers[i];
            if (!(number >= -rows && number < rows && number == MathF.Truncate(number))) throw new ArgumentException($"'{Name}': {number} is the number of none of its {rows} rows");
            table.AsSpan((int)(number < 0 ? number + rows : number) * width, width).CopyTo(result[(i * width)..]);
        }
    }
}
