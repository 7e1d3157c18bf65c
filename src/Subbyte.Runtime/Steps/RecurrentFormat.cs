using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>Recurrent layers in a file.</summary>
internal static class RecurrentFormat
{
    private const int LargestSide = 1 << 20;
    private const int Rnn = 0, Gru = 1, Lstm = 2;

    /// <summary>The usual name of a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <returns>Its name.</returns>
    public static string Name(RecurrentCell cell) => cell switch { RnnCell => "RNN", GruCell => "GRU", _ => "LSTM" };

    /// <summary>Writes a layer.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="parts">What it consists of.</param>
    public static void Write(PackedWriter writer, RecurrentParts parts)
    {
        var (cell, shape) = (parts.Cell, parts.Cell.Shape);
        writer.Int32(cell switch { RnnCell => Rnn, GruCell => Gru, _ => Lstm });
        writer.Int32(cell is GruCell { IsLinearFirst: true } or LstmCell { CouplesForget: true } ? 1 : 0);
        foreach (var size in new[] { shape.Steps, shape.Batch, shape.Inputs, shape.Hidden, shape.IsBatchFirst ? 1 : 0 }) writer.Int32(size);
        writer.Int32s([.. shape.IsReverse.Select(isReverse => isReverse ? 1 : 0)]);
        writer.Single(shape.Clip);
        foreach (var activation in cell.Activations.SelectMany(functions => functions))
        {
            writer.Int32((int)activation.Function);
            writer.Single(activation.Alpha);
            writer.Single(activation.Beta);
        }

        writer.Int32s(parts.Lengths);
        foreach (var states in parts.Initial)
        {
            writer.Int32(states is null ? 1 : 0);
            if (states is not null) writer.OptionalBlock(states);
        }

        writer.Int32(parts.Peepholes.Length == 0 ? 0 : 1);
        if (parts.Peepholes.Length > 0) writer.Block<float>(parts.Peepholes);
        foreach (var layer in parts.Layers.SelectMany(layers => layers))
        {
            writer.Int32((int)layer.Kind);
            writer.Text(layer.Name);
            layer.Write(writer);
        }
    }

    /// <summary>Reads a layer.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="further">Elements of the inputs behind the first.</param>
    /// <returns>What it consists of.</returns>
    /// <exception cref="PackedFormatException">It is none, or does not fit its values.</exception>
    public static RecurrentParts Read(PackedReader reader, StepPlace place, IReadOnlyList<int> further)
    {
        var kind = reader.Int32(Rnn, Lstm, "the kind of a cell");
        var hasOption = reader.Int32(0, 1, "the option of a cell") == 1;
        var shape = ReadShape(reader);
        var activations = ReadActivations(reader, shape.Directions, kind + 1);
        RecurrentCell cell = kind switch { Rnn => new RnnCell(shape, activations), Gru => new GruCell(shape, activations, hasOption), _ => new LstmCell(shape, activations, hasOption) };
        if ((long)shape.Steps * shape.Batch > place.InputLength || (long)shape.Steps * shape.Batch * shape.Inputs != place.InputLength)
            throw reader.Fail($"{shape.Steps} steps of {shape.Batch} sequences of {shape.Inputs} elements are not a value of {place.InputLength}");
        // Each factor alone is small; the product of the first three is bounded before the last one.
        if ((long)shape.Steps * shape.Batch * shape.Directions > place.OutputLength || RecurrentStep.OutputLength(cell) != place.OutputLength)
            throw reader.Fail($"{shape.Steps} steps of {shape.Batch} states of {shape.Hidden} elements do not make a value of {place.OutputLength}");
        var lengths = reader.Int32s(shape.Batch, 0, shape.Steps, "steps of a sequence");
        if (lengths.Length != shape.Batch) throw reader.Fail($"{shape.Batch} sequences have {lengths.Length} lengths");
        var initial = ReadInitial(reader, cell, further);
        var peepholes = reader.Int32(0, kind == Lstm ? 1 : 0, "whether there are peepholes") == 0 ? [] : reader.Block<float>(3L * shape.Directions * shape.Hidden, "peepholes").ToArray();
        return new RecurrentParts
        {
            Cell = cell,
            Layers = [.. Enumerable.Range(0, shape.Directions).Select(_ => ReadLayers(reader, cell))],
            Peepholes = peepholes,
            Lengths = lengths,
            Initial = initial,
        };
    }

    private static RecurrentShape ReadShape(PackedReader reader)
    {
        var (steps, batch) = (reader.Int32(1, LargestSide, "the number of steps"), reader.Int32(1, LargestSide, "the number of sequences"));
        var (inputs, hidden) = (reader.Int32(1, LargestSide, "elements of a step"), reader.Int32(1, LargestSide, "elements of a state"));
        var isBatchFirst = reader.Int32(0, 1, "the layout of sequences") == 1;
        var isReverse = reader.Int32s(2, 0, 1, "directions");
        if (isReverse.Length == 0) throw reader.Fail("a recurrent layer has no direction");
        var clip = reader.Single("the clip");
        if (!(clip > 0)) throw reader.Fail($"the clip {clip} is not above 0");
        return new RecurrentShape { Steps = steps, Batch = batch, Inputs = inputs, Hidden = hidden, IsBatchFirst = isBatchFirst, IsReverse = [.. isReverse.Select(each => each == 1)], Clip = clip };
    }

    private static GateActivation[][] ReadActivations(PackedReader reader, int directions, int functions)
    {
        var activations = new GateActivation[directions][];
        for (var direction = 0; direction < directions; direction++)
        {
            activations[direction] = new GateActivation[functions];
            for (var i = 0; i < functions; i++)
                activations[direction][i] = new GateActivation((GateFunction)reader.Int32(0, (int)GateFunction.Elu, "an activation"), reader.Single("its first parameter"), reader.Single("its second parameter"));
        }

        return activations;
    }

    private static float[]?[] ReadInitial(PackedReader reader, RecurrentCell cell, IReadOnlyList<int> further)
    {
        var length = checked((int)cell.Shape.StateLength);
        var initial = new float[]?[cell.HasCellState ? 2 : 1];
        var given = 0;
        for (var i = 0; i < initial.Length; i++)
        {
            if (reader.Int32(0, 1, "whether states are given") == 0) initial[i] = reader.OptionalSingles(length, "first states");
            else if (given >= further.Count || further[given++] != length) throw reader.Fail($"first states of {length} elements are no input of the step");
        }

        return given == further.Count ? initial : throw reader.Fail($"a step of {given} given states has {further.Count + 1} inputs");
    }

    private static LayerStep[] ReadLayers(PackedReader reader, RecurrentCell cell)
    {
        var shape = cell.Shape;
        return
        [
            Layer(shape.Steps * shape.Batch, shape.Inputs, cell.Gates),
            .. cell.StateProducts.Select(product => Layer(shape.Batch, shape.Hidden, product.Count)),
        ];

        LayerStep Layer(int rows, int depth, int gates) => StepFormat.ReadLayer(reader, checked(rows * depth), checked(rows * shape.Hidden * gates));
    }
}
