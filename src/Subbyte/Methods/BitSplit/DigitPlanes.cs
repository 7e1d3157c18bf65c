namespace Subbyte.Methods.BitSplit;

/// <summary>
/// One output channel as M − 1 planes of ternary digits: <c>w[n] ≈ Scale · S[n]</c> with <c>S[n] = Σᵢ Digits[i][n]·2⁻ⁱ</c>, the most significant
/// plane first. The stored integer is 2^(M−2)·S, its scale <see cref="IntegerScale"/> = Scale/2^(M−2).
/// </summary>
public sealed class DigitPlanes
{
    /// <summary>Splits integers into digits that share their sign (section 3.2).</summary>
    /// <param name="codes">Integers, |q| &lt; 2^(bits − 1).</param>
    /// <param name="integerScale">Real value of one.</param>
    /// <param name="bits">Bits M of an integer, sign included, 2 … 8.</param>
    public DigitPlanes(ReadOnlySpan<int> codes, double integerScale, int bits)
    {
        Scale = integerScale * (1 << (bits - 2));
        Digits = new sbyte[bits - 1][];
        for (var i = 0; i < Digits.Length; i++)
        {
            Digits[i] = new sbyte[codes.Length];
            for (var n = 0; n < codes.Length; n++)
                Digits[i][n] = (sbyte)(((Math.Abs(codes[n]) >> (bits - 2 - i)) & 1) * Math.Sign(codes[n]));
        }
    }

    /// <summary>Digits −1, 0, 1 [planes][depth].</summary>
    public sbyte[][] Digits { get; }

    /// <summary>Number of planes, M − 1.</summary>
    public int Count => Digits.Length;

    /// <summary>Length of the channel's row.</summary>
    public int Depth => Digits[0].Length;

    /// <summary>Scale α of the stitched value S.</summary>
    public double Scale { get; set; }

    /// <summary>Scale of the stitched integer.</summary>
    public double IntegerScale => Scale / (1 << (Count - 1));

    /// <summary>The real weight of a digit of a plane in S: 2⁻ⁱ.</summary>
    /// <param name="plane">Plane i.</param>
    /// <returns>A power of two.</returns>
    public static double Place(int plane) => 1.0 / (1 << plane);

    /// <summary>The stitched value S of one position; exact.</summary>
    /// <param name="n">Position.</param>
    /// <returns>|S| ≤ 2 − 2^(2−M).</returns>
    public double Value(int n)
    {
        double sum = 0;
        for (var i = 0; i < Digits.Length; i++) sum += Digits[i][n] * Place(i);
        return sum;
    }

    /// <summary>The stitched integers Q.</summary>
    /// <returns>Integers [depth].</returns>
    public int[] Stitch()
    {
        var codes = new int[Depth];
        for (var n = 0; n < codes.Length; n++)
        {
            foreach (var plane in Digits) codes[n] = (2 * codes[n]) + plane[n];
        }

        return codes;
    }

    /// <summary>Changes the sign of the scale and of every digit: the same weights.</summary>
    public void Negate()
    {
        Scale = -Scale;
        foreach (var plane in Digits)
        {
            for (var n = 0; n < plane.Length; n++) plane[n] = (sbyte)-plane[n];
        }
    }
}
