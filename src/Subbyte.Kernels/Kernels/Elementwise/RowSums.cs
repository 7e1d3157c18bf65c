namespace Subbyte.Kernels;

/// <summary>Sums of rows in double precision, in an order that only the length decides: eight sums of every eighth element, joined pairwise.</summary>
public static class RowSums
{
    private const int Lanes = 8;

    /// <summary>The sum of a row.</summary>
    /// <param name="row">The row.</param>
    /// <returns>The sum; 0 for an empty row.</returns>
    public static double Sum(ReadOnlySpan<float> row)
    {
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        for (; row.Length >= Lanes; row = row[Lanes..])
        {
            a += row[0];
            b += row[1];
            c += row[2];
            d += row[3];
            e += row[4];
            f += row[5];
            g += row[6];
            h += row[7];
        }

        foreach (var element in row) a += element;
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }
}
