using System.Globalization;
using Subbyte.Hardware.Arrays;

namespace Subbyte.Hardware.Topologies;

/// <summary>
/// A network as the list of its layers' shapes, read from SCALE-Sim's CSV: a header line, then a line a layer with name, height and width of the
/// input map (padding included), height and width of the filter, channels, filters and stride, each with a comma behind it. A header whose
/// second column is M announces matrix products: name, M, N, K.
/// </summary>
/// <param name="Name">The file, or the name of a built-in topology.</param>
/// <param name="Layers">The layers.</param>
public sealed record Topology(string Name, IReadOnlyList<TopologyLayer> Layers)
{
    private const long LongestFile = 1 << 20;
    private const int Columns = 8;
    private const long LargestNumber = 1 << 24;
    private const string Prefix = "topologies/";
    private const string Suffix = ".csv";

    /// <summary>The topologies that the library carries with it.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } = [.. typeof(Topology).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..^Suffix.Length]).Order(StringComparer.Ordinal)];

    /// <summary>Reads a file, or a built-in topology by its name.</summary>
    /// <param name="pathOrName">The file's path, or one of <see cref="BuiltIn"/>.</param>
    /// <returns>The topology.</returns>
    /// <exception cref="UserErrorException">There is no such file or name, or a line is not a layer.</exception>
    public static Topology Load(string pathOrName)
    {
        if (BuiltIn.Contains(pathOrName, StringComparer.Ordinal))
        {
            using var stream = typeof(Topology).Assembly.GetManifestResourceStream(Prefix + pathOrName + Suffix)!;
            using var reader = new StreamReader(stream);
            return Parse(reader.ReadToEnd(), pathOrName);
        }

        return Parse(TextFile.Read(pathOrName, LongestFile, $"; built-in topologies are {string.Join(", ", BuiltIn)}"), pathOrName);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The CSV.</param>
    /// <param name="source">Its name in errors.</param>
    /// <returns>The topology.</returns>
    /// <exception cref="UserErrorException">A line is not a layer; the message names it.</exception>
    public static Topology Parse(string text, string source)
    {
        var lines = text.Split('\n');
        var layers = new List<TopologyLayer>();
        if (lines.Length > 0 && IsLayer(lines[0]))
            throw new UserErrorException($"{source}:1: is a layer where SCALE-Sim's header line is expected; put one before it (its content does not matter)");
        var isProducts = Cells(lines[0]) is [_, "M" or "m", ..];
        for (var i = 1; i < lines.Length; i++)
        {
            var cells = Cells(lines[i]);
            if (cells.All(cell => cell.Length == 0)) continue;
            var place = $"{source}:{i + 1}";
            try
            {
                layers.Add(isProducts ? Product(cells, place) : Convolution(cells, place));
            }
            catch (OverflowException failure)
            {
                throw new UserErrorException($"{place}: layer '{cells[0]}' is too large to be counted", failure);
            }
        }

        return layers.Count > 0 ? new Topology(source, layers) : throw new UserErrorException($"{source}: has no layer below its header line");
    }

    private static string[] Cells(string line) => [.. line.TrimStart('\ufeff').Split(',').Select(cell => cell.Trim())];

    private static bool IsLayer(string line)
        => Cells(line) is { Length: >= Columns } cells && cells[1..Columns].All(cell => long.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private static TopologyLayer Convolution(string[] cells, string place)
    {
        if (cells.Length < Columns)
            throw new UserErrorException($"{place}: has {cells.Length} columns; a layer has {Columns}: name, IFMAP height and width, filter height and width, channels, filters, stride");
        var numbers = Numbers(cells, Columns, place);
        var (height, width, kernelHeight, kernelWidth, channels, filters, stride) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]);
        if (kernelHeight > height || kernelWidth > width)
            throw new UserErrorException($"{place}: the filter of {kernelHeight}x{kernelWidth} is larger than the IFMAP of {height}x{width}, whose size includes padding");
        // SCALE-Sim rounds up where the stride does not divide.
        var positions = checked((Fold.Count(height - kernelHeight + stride, stride)) * Fold.Count(width - kernelWidth + stride, stride));
        var depth = checked(kernelHeight * kernelWidth * channels);
        var shape = new MatrixShape(positions, filters, depth) { InputElements = checked(height * width * channels) };
        return Countable(cells[0], shape) with { KernelHeight = (int)kernelHeight, KernelWidth = (int)kernelWidth };
    }

    private static TopologyLayer Product(string[] cells, string place)
    {
        if (cells.Length < 4) throw new UserErrorException($"{place}: has {cells.Length} columns; a matrix product has 4: name, M, N, K");
        var numbers = Numbers(cells, 4, place);
        return Countable(cells[0], new MatrixShape(numbers[0], numbers[1], numbers[2]));
    }

    private static TopologyLayer Countable(string name, MatrixShape shape)
    {
        // Asked for here so that what cannot be counted is an error of its line.
        _ = shape.Macs;
        return new TopologyLayer(name, shape, checked(shape.Filters * shape.Depth));
    }

    private static long[] Numbers(string[] cells, int columns, string place)
    {
        var numbers = new long[columns - 1];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!long.TryParse(cells[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]) || numbers[i] is < 1 or > LargestNumber)
                throw new UserErrorException($"{place}: '{cells[i + 1]}' in column {i + 2} is no whole number 1 … {LargestNumber}");
        }

        return numbers;
    }
}
