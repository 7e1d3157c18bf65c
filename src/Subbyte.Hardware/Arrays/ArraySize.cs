using System.Globalization;

namespace Subbyte.Hardware.Arrays;

/// <summary>Rows and columns of an array of processing elements.</summary>
/// <param name="Rows">Rows, 1 … <see cref="Largest"/>.</param>
/// <param name="Columns">Columns, 1 … <see cref="Largest"/>.</param>
public readonly record struct ArraySize(int Rows, int Columns)
{
    /// <summary>Most rows or columns.</summary>
    public const int Largest = 65_536;

    /// <summary>Number of processing elements.</summary>
    public long Elements => (long)Rows * Columns;

    /// <summary>Reads a size such as <c>32x32</c>.</summary>
    /// <param name="text">Rows, an x, columns.</param>
    /// <returns>The size.</returns>
    /// <exception cref="UserErrorException">The text is no such size.</exception>
    public static ArraySize Parse(string text)
    {
        var parts = text.Split('x', 'X');
        return parts.Length == 2 && Side(parts[0]) is { } rows && Side(parts[1]) is { } columns
            ? new ArraySize(rows, columns)
            : throw new UserErrorException($"an array is ROWSxCOLUMNS, such as 32x32, each 1 … {Largest}, not '{text}'");
    }

    /// <summary>The size as <see cref="Parse"/> reads it.</summary>
    /// <returns>Such as <c>32x32</c>.</returns>
    public override string ToString() => $"{Rows}x{Columns}";

    private static int? Side(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side is >= 1 and <= Largest ? side : null;
}
