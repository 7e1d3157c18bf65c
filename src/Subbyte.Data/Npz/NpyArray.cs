using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Subbyte.Tensors;

namespace Subbyte.Data.Npz;

/// <summary>
/// An array in NumPy's <c>.npy</c> format, versions 1 to 3: magic, version, length of the header, the header (a Python dictionary of the element
/// type, the order and the shape), the elements.
/// </summary>
/// <param name="ElementType">The type of the elements: f4, f8, u1, i1, i4 or i8.</param>
/// <param name="Shape">The dimensions, each at least 1.</param>
/// <param name="Bytes">The elements, little-endian, in C order.</param>
internal sealed partial record NpyArray(ElementType ElementType, int[] Shape, byte[] Bytes)
{
    private const int MagicLength = 6;
    private const int LongestHeader = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The array as a tensor over the same bytes.</summary>
    /// <returns>The tensor.</returns>
    public Tensor ToTensor() => new(ElementType, Shape, Bytes);

    /// <summary>Reads an array.</summary>
    /// <param name="file">The file, at its beginning.</param>
    /// <returns>The array.</returns>
    /// <exception cref="UserErrorException">The file is damaged, or the array is of a kind that is not supported.</exception>
    public static NpyArray Read(DataFile file)
    {
        var start = file.Read(MagicLength + 2, "the beginning of an .npy array");
        if (!start.AsSpan(0, MagicLength).SequenceEqual(Magic) || start[MagicLength] is < 1 or > 3)
            throw file.Error("does not begin like an .npy array of version 1 to 3");
        var length = start[MagicLength] == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(file.Read(sizeof(ushort), "the length of an .npy header"))
            : BinaryPrimitives.ReadUInt32LittleEndian(file.Read(sizeof(uint), "the length of an .npy header"));
        if (length > LongestHeader) throw file.Error($"declares an .npy header of {length} bytes; more than {LongestHeader} are not believed");

        var header = Encoding.UTF8.GetString(file.Read(length, "an .npy header"));
        var type = TypeOf(file, header);
        var shape = ShapeOf(file, header);
        var bytes = (Int128)type.ByteLength(1);
        foreach (var dimension in shape)
        {
            bytes *= dimension;
            if (bytes > Array.MaxLength) throw file.Error($"an array of {string.Join('x', shape)} elements is larger than one data set may be");
        }

        var elements = file.Read((long)bytes, $"an array of {string.Join('x', shape)} elements");
        file.ExpectEnd("the array that the header declares");
        return new NpyArray(type, shape, elements);
    }

    private static ElementType TypeOf(DataFile file, string header)
    {
        var descr = DescrPattern().Match(header);
        var order = OrderPattern().Match(header);
        if (!descr.Success || !order.Success) throw file.Error("its .npy header names no simple element type or no order");
        if (order.Groups[1].Value == "True") throw file.Error("is in Fortran order; save numpy.ascontiguousarray(array)");
        return descr.Groups[1].Value switch
        {
            "<f4" => ElementType.Float32,
            "<f8" => ElementType.Float64,
            "|u1" or "<u1" => ElementType.UInt8,
            "|i1" or "<i1" => ElementType.Int8,
            "<i4" => ElementType.Int32,
            "<i8" => ElementType.Int64,
            var other => throw file.Error($"its elements are '{other}'; supported are <f4, <f8, |u1, |i1, <i4, <i8 (convert with astype)"),
        };
    }

    private static int[] ShapeOf(DataFile file, string header)
    {
        var match = ShapePattern().Match(header);
        if (!match.Success) throw file.Error("its .npy header has no shape");
        var dimensions = match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Array.ConvertAll(dimensions, text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var dimension) && dimension > 0
                ? dimension
                : throw file.Error($"dimension '{text}' of its shape is not a number from 1 to {int.MaxValue}"));
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']{1,16})'", RegexOptions.NonBacktracking)]
    private static partial Regex DescrPattern();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)", RegexOptions.NonBacktracking)]
    private static partial Regex OrderPattern();

    [GeneratedRegex(@"'shape'\s*:\s*\(([0-9,\s]*)\)", RegexOptions.NonBacktracking)]
    private static partial Regex ShapePattern();
}
