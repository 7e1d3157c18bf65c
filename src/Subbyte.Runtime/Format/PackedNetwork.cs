namespace Subbyte.Runtime;

/// <summary>A value of a packed network: float32, in the order of memory.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Dimensions">Dimensions without the batch; of maps between steps, the number of elements alone.</param>
public sealed record PackedValue(string Name, IReadOnlyList<int> Dimensions)
{
    /// <summary>Number of elements.</summary>
    public int Length { get; } = checked((int)Product(Dimensions));

    internal static long Product(IReadOnlyList<int> dimensions)
    {
        long product = 1;
        foreach (var dimension in dimensions) product = checked(product * dimension);
        return product;
    }
}

/// <summary>What is carried from one run to the next: a value that a run begins with, and the one that takes its place afterwards, of as many elements.</summary>
/// <param name="Before">The value that a run begins with; no step makes it.</param>
/// <param name="After">The value of the next run.</param>
public sealed record PackedState(int Before, int After);

/// <summary>A network that the runtime executes: values, steps in execution order, what it takes and what it gives. One sample a run.</summary>
public sealed class PackedNetwork
{
    private const int MostValues = 1 << 16;
    private const int MostDimensions = 8;
    private const int MostStates = 1024;

    /// <summary>Values of a network may take so many elements together: 1 GiB.</summary>
    private const long MostElements = 1 << 28;

    /// <summary>Name of the network.</summary>
    public required string Name { get; init; }

    /// <summary>Texts that belong to it, such as its preprocessing.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>All values.</summary>
    public required IReadOnlyList<PackedValue> Values { get; init; }

    /// <summary>The steps.</summary>
    public required IReadOnlyList<PackedStep> Steps { get; init; }

    /// <summary>The value that a run takes.</summary>
    public required int Input { get; init; }

    /// <summary>The value that a run gives.</summary>
    public required int Output { get; init; }

    /// <summary>What is carried from run to run; nothing where samples stand alone.</summary>
    public IReadOnlyList<PackedState> States { get; init; } = [];

    /// <summary>Whether the input holds whole numbers that choose rows of a table, such as words.</summary>
    public bool TakesNumbers => Steps.OfType<RowsStep>().Any();

    /// <summary>Bytes that weights and biases take in fp32.</summary>
    public long FloatBytes => Steps.Sum(step => sizeof(float) * (step.Weights + step.Biases));

    /// <summary>Bytes that they take in the usual eight-bit form: a byte a weight, an integer bias and a scale an output.</summary>
    public long Int8Bytes => Steps.Sum(step => step.Weights + ((sizeof(int) + sizeof(float)) * step.Biases));

    /// <summary>The same network with ternary weights stored five to a byte.</summary>
    /// <returns>The network.</returns>
    /// <exception cref="ObjectDisposedException">It belongs to a session that was loaded from a file, which was closed then.</exception>
    public PackedNetwork SharingBytes() => new()
    {
        Name = Name,
        Metadata = Metadata,
        Values = Values,
        Steps = [.. Steps.Select(step => step.SharingBytes())],
        Input = Input,
        Output = Output,
        States = States,
    };

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The network.</returns>
    /// <exception cref="PackedFormatException">The file is not what its format says; the message names the offset.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static PackedNetwork Load(string path)
    {
        try
        {
            return Read(File.ReadAllBytes(path));
        }
        catch (PackedFormatException failure)
        {
            throw Named(path, failure);
        }
    }

    /// <summary>Opens a file for running alone: it is read where it is mapped, and closed once the session is ready.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="open">Makes the session; weights as they are stored are there until it returns.</param>
    /// <returns>The session.</returns>
    internal static SubbyteSession Open(string path, Func<PackedNetwork, SubbyteSession> open)
    {
        using var file = MappedFile.Open(path);
        if (file is null) return open(Load(path));
        try
        {
            return open(Read(file.Memory));
        }
        catch (PackedFormatException failure)
        {
            throw Named(path, failure);
        }
    }

    private static PackedFormatException Named(string path, PackedFormatException failure) => new($"{path}: {failure.Message}", failure);

    /// <summary>Reads a network from the bytes of a file.</summary>
    /// <param name="file">The bytes.</param>
    /// <returns>The network.</returns>
    /// <exception cref="PackedFormatException">They are not what the format says; the message names the offset.</exception>
    public static PackedNetwork Read(byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Read(file.AsMemory());
    }

    private static PackedNetwork Read(ReadOnlyMemory<byte> file)
    {
        var reader = new PackedReader(file);
        try
        {
            return Read(reader);
        }
        catch (Exception failure) when (failure is ArgumentException or OverflowException)
        {
            throw new PackedFormatException($"{reader.Fail("the sizes contradict each other").Message}: {failure.Message}", failure);
        }
    }

    private static PackedNetwork Read(PackedReader reader)
    {
        var name = reader.Text("the name");
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var count = reader.Int32(0, MostValues, "the number of texts"); count > 0; count--) metadata[reader.Text("a key")] = reader.Text("a text");
        var values = ReadValues(reader);
        var input = reader.Int32(0, values.Count - 1, "the input");
        var output = reader.Int32(0, values.Count - 1, "the output");
        var steps = new List<PackedStep>();
        var made = new bool[values.Count];
        made[input] = true;
        var states = ReadStates(reader, values, made);
        for (var count = reader.Int32(0, MostValues, "the number of steps"); count > 0; count--)
        {
            var step = StepFormat.Read(reader, values);
            foreach (var read in step.Inputs)
            {
                if (!made[read]) throw reader.Fail($"step '{step.Name}' reads value {read} before it is made");
            }

            if (made[step.Output]) throw reader.Fail($"step '{step.Name}' makes value {step.Output} a second time");
            made[step.Output] = true;
            steps.Add(step);
        }

        foreach (var value in states.Select(state => state.After).Prepend(output))
        {
            if (!made[value]) throw reader.Fail($"value {value}, which a run gives, is never made");
        }

        if (!reader.IsAtEnd) throw reader.Fail("the graph goes on behind its last step");
        return new PackedNetwork { Name = name, Metadata = metadata, Values = values, Steps = steps, Input = input, Output = output, States = states };
    }

    /// <summary>The network as a file.</summary>
    /// <returns>Its bytes.</returns>
    /// <exception cref="ObjectDisposedException">It belongs to a session that was loaded from a file, which was closed then.</exception>
    public byte[] ToFile()
    {
        var writer = new PackedWriter();
        writer.Text(Name);
        writer.Int32(Metadata.Count);
        foreach (var (key, text) in Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.Text(key);
            writer.Text(text);
        }

        writer.Int32(Values.Count);
        foreach (var value in Values)
        {
            writer.Text(value.Name);
            writer.Int32s([.. value.Dimensions]);
        }

        writer.Int32(Input);
        writer.Int32(Output);
        writer.Int32(States.Count);
        foreach (var state in States)
        {
            writer.Int32(state.Before);
            writer.Int32(state.After);
        }

        writer.Int32(Steps.Count);
        foreach (var step in Steps) StepFormat.Write(writer, step);
        return writer.ToFile();
    }

    private static PackedState[] ReadStates(PackedReader reader, List<PackedValue> values, bool[] made)
    {
        var states = new PackedState[reader.Int32(0, MostStates, "the number of states")];
        for (var i = 0; i < states.Length; i++)
        {
            var (before, after) = (reader.Int32(0, values.Count - 1, "a state"), reader.Int32(0, values.Count - 1, "the state of the next run"));
            if (made[before]) throw reader.Fail($"value {before} is a state and something else");
            if (values[before].Length != values[after].Length) throw reader.Fail($"a state of {values[before].Length} elements cannot become one of {values[after].Length}");
            made[before] = true;
            states[i] = new PackedState(before, after);
        }

        return states;
    }

    private static List<PackedValue> ReadValues(PackedReader reader)
    {
        var values = new List<PackedValue>();
        long elements = 0;
        for (var count = reader.Int32(1, MostValues, "the number of values"); count > 0; count--)
        {
            var name = reader.Text("the name of a value");
            var dimensions = reader.Int32s(MostDimensions, 1, 1 << 28, "dimensions");
            long length = 1;
            foreach (var dimension in dimensions)
            {
                length *= dimension;
                if (length > MostElements) throw reader.Fail($"value '{name}' has more than {MostElements} elements");
            }

            elements += length;
            if (elements > MostElements) throw reader.Fail($"the values have more than {MostElements} elements together");
            values.Add(new PackedValue(name, dimensions));
        }

        return values;
    }
}
