using System.Numerics;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>An operand made ready to run, over base codes that are bytes (less their lowest) or 16-bit integers.</summary>
internal sealed class SumOperandCodes
{
    private readonly short[] _table;
    private readonly short[] _alone;
    private readonly byte[] _byteTable = [];
    private readonly byte[] _byteAlone = [];
    private readonly int _baseLowest;
    private readonly int _distance;

    /// <summary>Makes tables.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="encoder">Base codes.</param>
    public SumOperandCodes(SumOperand operand, BaseEncoder encoder)
    {
        (_table, _alone, _distance, _baseLowest) = (operand.Table, operand.Alone, operand.Distance, encoder.Lowest);
        int[] codes = _table.Length == 0 ? [encoder.Lowest, encoder.Highest] : [.. _table.Concat(_alone).Select(code => (int)code)];
        (Lowest, Highest) = (codes.Min(), codes.Max());
        Shift = Math.Max(0, -Lowest);
        if (!FitsBytes || !encoder.IsBytes) return;
        _byteTable = Bytes(_table.Length == 0 ? [.. Enumerable.Range(encoder.Lowest, encoder.Count).Select(code => (short)code)] : _table);
        if (_distance > 0) _byteAlone = Bytes(_alone);
        var isIdentity = _distance == 0;
        for (var i = 0; i < encoder.Count; i++) isIdentity &= _byteTable[i] == i;
        IsBase = isIdentity;
    }

    /// <summary>The lowest code.</summary>
    public int Lowest { get; }

    /// <summary>The highest code.</summary>
    public int Highest { get; }

    /// <summary>What bytes are shifted by.</summary>
    public int Shift { get; }

    /// <summary>Whether codes fit bytes.</summary>
    public bool FitsBytes => Highest + Shift <= byte.MaxValue;

    /// <summary>Whether bytes are those of the base codes.</summary>
    public bool IsBase { get; }

    /// <summary>Encodes a patch of bytes.</summary>
    /// <param name="bases">Base codes less their lowest.</param>
    /// <param name="codes">Takes the codes, shifted.</param>
    public void Encode(ReadOnlySpan<byte> bases, Span<byte> codes)
    {
        if (_distance == 0) TableLookup.Map(bases, _byteTable, codes);
        else if (_distance == 1) PairMap.Map(bases, _byteTable, _byteAlone, codes);
        else Pair<byte>(bases, _byteTable, _byteAlone, 0, codes);
    }

    /// <summary>Encodes a patch of 16-bit codes.</summary>
    /// <param name="bases">Base codes.</param>
    /// <param name="codes">Takes the codes.</param>
    public void Encode(ReadOnlySpan<short> bases, Span<short> codes)
    {
        if (_distance > 0) Pair<short>(bases, _table, _alone, _baseLowest, codes);
        else if (_table.Length == 0) bases.CopyTo(codes);
        else TableLookup.Map(bases, _baseLowest, _table, codes);
    }

    private void Pair<T>(ReadOnlySpan<T> bases, ReadOnlySpan<T> table, ReadOnlySpan<T> alone, int lowest, Span<T> codes) where T : unmanaged, IBinaryInteger<T>
    {
        for (var k = 0; k < bases.Length; k++)
        {
            var partner = k ^ _distance;
            codes[k] = (partner < bases.Length && !T.IsZero(bases[partner]) ? table : alone)[int.CreateTruncating(bases[k]) - lowest];
        }
    }

    private byte[] Bytes(short[] table)
    {
        var bytes = new byte[byte.MaxValue + 1];
        for (var i = 0; i < table.Length; i++) bytes[i] = (byte)(table[i] + Shift);
        return bytes;
    }
}
