using System.Globalization;
using Subbyte.Hardware.Arrays;

namespace Subbyte.Hardware.Topologies;

/// <summary>An array as SCALE-Sim's configuration file describes it; keys that do not matter here are passed over.</summary>
/// <param name="Array">The array.</param>
/// <param name="Dataflow">The dataflow.</param>
/// <param name="Memory">The memories.</param>
public sealed record ArrayConfiguration(ArraySize Array, Dataflow Dataflow, ArrayMemory Memory)
{
    private const long LongestFile = 1 << 16;
    private const long LargestSram = 1 << 20;

    /// <summary>The array that is simulated unless told otherwise.</summary>
    public static ArrayConfiguration Default { get; } = new(new ArraySize(32, 32), Dataflow.OutputStationary, new ArrayMemory());

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The configuration; what it does not say is as in <see cref="Default"/>.</returns>
    /// <exception cref="UserErrorException">It cannot be read or a value is wrong.</exception>
    public static ArrayConfiguration Load(string path) => Parse(TextFile.Read(path, LongestFile), path);

    /// <summary>Reads a text: lines of <c>key: value</c> or <c>key = value</c> under headings in brackets.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Its name in errors.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="UserErrorException">A value is wrong; the message names its line.</exception>
    public static ArrayConfiguration Parse(string text, string source)
    {
        var lines = text.Split('\n');
        var (array, dataflow, memory) = Default;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] is '[' or '#' or ';') continue;
            var place = $"{source}:{i + 1}";
            if (line.Split([':', '='], 2) is not [var key, var value]) throw new UserErrorException($"{place}: '{line}' is neither a heading in brackets nor 'key: value'");
            value = value.Trim();
            switch (key.Trim().ToUpperInvariant())
            {
                case "ARRAYHEIGHT":
                    array = array with { Rows = (int)Number(value, ArraySize.Largest, place) };
                    break;
                case "ARRAYWIDTH":
                    array = array with { Columns = (int)Number(value, ArraySize.Largest, place) };
                    break;
                case "IFMAPSRAMSZKB" or "IFMAPSRAMSZ":
                    memory = memory with { InputBytes = Number(value, LargestSram, place) << 10 };
                    break;
                case "FILTERSRAMSZKB" or "FILTERSRAMSZ":
                    memory = memory with { FilterBytes = Number(value, LargestSram, place) << 10 };
                    break;
                case "OFMAPSRAMSZKB" or "OFMAPSRAMSZ":
                    memory = memory with { OutputBytes = Number(value, LargestSram, place) << 10 };
                    break;
                case "BANDWIDTH":
                    memory = memory with { BytesPerCycle = Number(value.Split(',')[0].Trim(), 1 << 20, place) };
                    break;
                case "DATAFLOW":
                    dataflow = DataflowNames.Find(value) ?? throw new UserErrorException($"{place}: the dataflow '{value}' is none of os, ws and is");
                    break;
            }
        }

        return new ArrayConfiguration(array, dataflow, memory);
    }

    private static long Number(string text, long largest, string place)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= largest
            ? number
            : throw new UserErrorException($"{place}: '{text}' is no whole number 1 … {largest}");
}
