using Subbyte.Methods.Sparq;

namespace Subbyte.Tests.Methods.Sparq;

/// <summary>The specification's vectors, and the names that they use.</summary>
internal static class SparqVectors
{
    /// <summary>Windows and roundings of all trimming units, as test data.</summary>
    public static TheoryData<string, bool> Units
    {
        get
        {
            var units = new TheoryData<string, bool>();
            foreach (var window in SparqWindow.All)
            {
                units.Add(window.Name, true);
                units.Add(window.Name, false);
            }

            return units;
        }
    }

    public static IReadOnlyList<VectorRow> Rows(string name) => VectorTable.Read($"Methods/Sparq/{name}.vectors.txt");

    /// <summary>A window by name, the internal six-bit one too.</summary>
    public static SparqWindow Window(string name) => name == SparqWindow.SixBits.Name ? SparqWindow.SixBits : SparqWindow.Find(name);

    public static TrimmingUnit Unit(string window, string rounding, bool pairs = true) => new(Window(window), rounding == "ROUND", pairs);

    /// <summary>Splits a column name such as <c>4b5opt/ROUND</c>.</summary>
    public static TrimmingUnit Unit(string column) => Unit(column.Split('/')[0], column.Split('/')[1]);

    /// <summary>Operands of a dot product: (a) and (b) from their file, (c) from its generator.</summary>
    public static (short[] Activations, short[] Weights) Operands(string name)
    {
        if (name == "c") return Generated(577);
        var row = Rows("dot-product-operands").Single(candidate => candidate["case"] == name);
        return (Codes(row, "activations"), Codes(row, "weights"));
    }

    /// <summary>A cell that lists codes.</summary>
    public static short[] Codes(VectorRow row, string column) => Array.ConvertAll(row.Integers(column), code => (short)code);

    private static (short[] Activations, short[] Weights) Generated(int depth)
    {
        var state = 12345u;
        var (activations, weights) = (new short[depth], new short[depth]);
        for (var k = 0; k < depth; k++)
        {
            var value = Draw();
            activations[k] = (short)(Draw() < 115 ? 0 : value);
            weights[k] = (short)(Draw() - 128);
        }

        return (activations, weights);

        int Draw()
        {
            state = unchecked((state * 1664525u) + 1013904223u);
            return (int)(state >> 24);
        }
    }
}
