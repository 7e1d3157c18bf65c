namespace Subbyte.Runtime;

/// <summary>Steps in a file.</summary>
internal static class StepFormat
{
    private const int MostInputs = 64;

    /// <summary>Writes a step.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="step">The step.</param>
    public static void Write(PackedWriter writer, PackedStep step)
    {
        writer.Int32((int)step.Kind);
        writer.Text(step.Name);
        writer.Int32s([.. step.Inputs]);
        writer.Int32(step.Output);
        step.Write(writer);
    }

    /// <summary>Reads a step.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="values">The network's values.</param>
    /// <returns>The step.</returns>
    /// <exception cref="PackedFormatException">It is none, or does not fit its values.</exception>
    public static PackedStep Read(PackedReader reader, IReadOnlyList<PackedValue> values)
    {
        var kind = (StepKind)reader.Int32(0, (int)StepKind.SumProduct, "the kind of a step");
        var name = reader.Text("the name of a step");
        var inputs = reader.Int32s(MostInputs, 0, values.Count - 1, "inputs of a step");
        var output = reader.Int32(0, values.Count - 1, "the output of a step");
        var (least, most) = kind switch { StepKind.Add => (2, 2), StepKind.Concat => (1, MostInputs), StepKind.Recurrent => (1, 3), _ => (1, 1) };
        if (inputs.Length < least || inputs.Length > most) throw reader.Fail($"step '{name}' has {inputs.Length} inputs");
        if (inputs.Contains(output)) throw reader.Fail($"step '{name}' reads what it makes");
        var place = new StepPlace(name, inputs, output, values[inputs[0]].Length, values[output].Length);
        return kind switch
        {
            StepKind.Product or StepKind.FloatProduct or StepKind.LevelProduct or StepKind.SumProduct => ReadLayer(reader, kind, place),
            StepKind.Add => AddStep.Read(reader, place, values[inputs[1]].Length),
            StepKind.Clip => ClipStep.Read(reader, place),
            StepKind.Affine => AffineStep.Read(reader, place),
            StepKind.Pool => PoolStep.Read(reader, place),
            StepKind.GlobalAverage => GlobalAverageStep.Read(reader, place),
            StepKind.Transpose => TransposeStep.Read(reader, place),
            StepKind.Copy => CopyStep.Read(reader, place),
            StepKind.Box => BoxStep.Read(reader, place),
            StepKind.Slope => SlopeStep.Read(reader, place),
            StepKind.Recurrent => RecurrentStep.Read(reader, place, [.. inputs.Skip(1).Select(input => values[input].Length)]),
            StepKind.Rows => RowsStep.Read(reader, place),
            _ => ConcatStep.Read(reader, place, [.. inputs.Select(input => values[input].Length)]),
        };
    }

    /// <summary>Reads a layer within a step.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="input">Elements that it reads.</param>
    /// <param name="output">Elements that it makes.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="PackedFormatException">It is none, or of other sizes.</exception>
    public static LayerStep ReadLayer(PackedReader reader, int input, int output)
    {
        var kind = (StepKind)reader.Int32(0, (int)StepKind.SumProduct, "the kind of a layer");
        return ReadLayer(reader, kind, new StepPlace(reader.Text("the name of a layer"), [0], 0, input, output));
    }

    private static LayerStep ReadLayer(PackedReader reader, StepKind kind, StepPlace place) => kind switch
    {
        StepKind.Product => ProductStep.Read(reader, place),
        StepKind.FloatProduct => FloatProductStep.Read(reader, place),
        StepKind.LevelProduct => LevelProductStep.Read(reader, place),
        StepKind.SumProduct => SumProductStep.Read(reader, place),
        _ => throw reader.Fail($"'{place.Name}' is no dot-product layer"),
    };
}

/// <summary>Where a step stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Inputs">Values that it reads.</param>
/// <param name="Output">The value that it makes.</param>
/// <param name="InputLength">Elements of the first input.</param>
/// <param name="OutputLength">Elements of the output.</param>
internal sealed record StepPlace(string Name, int[] Inputs, int Output, int InputLength, int OutputLength)
{
    /// <summary>Checks that both have as many elements.</summary>
    /// <param name="reader">The reader.</param>
    public void RequireSame(PackedReader reader)
    {
        if (InputLength != OutputLength) throw reader.Fail($"step '{Name}' cannot make {OutputLength} elements of {InputLength}");
    }
}
