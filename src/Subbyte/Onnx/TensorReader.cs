using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Subbyte.Onnx.Proto;
using Subbyte.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Subbyte.Onnx;

/// <summary>Reads tensors, inline or external, checking their sizes before memory is taken.</summary>
/// <param name="source">File name, for messages.</param>
/// <param name="folder">Folder of external data, or null when there may be none.</param>
internal sealed class TensorReader(string source, string? folder)
{
    /// <summary>The element type of a number in <c>TensorProto.DataType</c>.</summary>
    /// <param name="number">The number.</param>
    /// <returns>The type, or null when it is not supported.</returns>
    public static ElementType? ElementTypeOf(int number)
        => Enum.IsDefined((ElementType)number) && number != 0 ? (ElementType)number : null;

    /// <summary>Reads a tensor.</summary>
    /// <param name="tensor">The message.</param>
    /// <param name="mayBeNaN">Whether its elements may be no numbers, as test data are.</param>
    /// <returns>The tensor.</returns>
    public Tensor Read(TensorProto tensor, bool mayBeNaN = false)
    {
        var type = ElementTypeOf(tensor.DataType)
            ?? throw new UserErrorException($"{source}: tensor '{tensor.Name}' has element type {(TensorProto.Types.DataType)tensor.DataType}, which is not supported");
        var dimensions = new int[tensor.Dims.Count];
        long count = 1;
        for (var i = 0; i < dimensions.Length; i++)
        {
            if (tensor.Dims[i] is < 0 or > int.MaxValue) throw new UserErrorException($"{source}: tensor '{tensor.Name}' has a dimension of {tensor.Dims[i]}");
            dimensions[i] = (int)tensor.Dims[i];
            if (dimensions[i] != 0 && count > int.MaxValue / dimensions[i]) throw new UserErrorException($"{source}: tensor '{tensor.Name}' has more elements than can be held");
            count *= dimensions[i];
        }

        var bytes = Bytes(tensor, type, (int)count);
        if (!mayBeNaN && FirstNaN(type, bytes) is >= 0 and var element)
            throw new UserErrorException($"{source}: tensor '{tensor.Name}' holds NaN at element {element}; constants must be numbers");
        return new Tensor(type, dimensions, bytes);
    }

    private static int FirstNaN(ElementType type, byte[] bytes) => type switch
    {
        ElementType.Float32 => FirstNaN(MemoryMarshal.Cast<byte, float>(bytes)),
        ElementType.Float64 => FirstNaN(MemoryMarshal.Cast<byte, double>(bytes)),
        ElementType.Float16 => FirstNaN(MemoryMarshal.Cast<byte, Half>(bytes)),
        ElementType.BFloat16 => Array.FindIndex(MemoryMarshal.Cast<byte, ushort>(bytes).ToArray(), value => (value & 0x7FFF) > 0x7F80),
        _ => -1,
    };

    private static int FirstNaN<T>(ReadOnlySpan<T> values)
        where T : INumberBase<T>
    {
        if (!TensorPrimitives.IsNaNAny(values)) return -1;
        var i = 0;
        while (!T.IsNaN(values[i])) i++;
        return i;
    }

    private byte[] Bytes(TensorProto tensor, ElementType type, int count)
    {
        var expected = type.ByteLength(count);
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External) return External(tensor, expected);
        if (tensor.HasRawData || count == 0)
        {
            if (tensor.RawData.Length != expected)
                throw new UserErrorException($"{source}: tensor '{tensor.Name}' holds {tensor.RawData.Length} bytes where its shape asks for {expected}");
            return tensor.RawData.ToByteArray();
        }

        var typed = type switch
        {
            ElementType.Float32 => MemoryMarshal.AsBytes<float>(tensor.FloatData.ToArray()).ToArray(),
            ElementType.Float64 => MemoryMarshal.AsBytes<double>(tensor.DoubleData.ToArray()).ToArray(),
            ElementType.Int64 => MemoryMarshal.AsBytes<long>(tensor.Int64Data.ToArray()).ToArray(),
            ElementType.UInt64 => MemoryMarshal.AsBytes<ulong>(tensor.Uint64Data.ToArray()).ToArray(),
            ElementType.UInt32 => Narrow(tensor.Uint64Data, value => unchecked((uint)value)),
            ElementType.Int32 => MemoryMarshal.AsBytes<int>(tensor.Int32Data.ToArray()).ToArray(),
            ElementType.Int16 or ElementType.UInt16 or ElementType.Float16 or ElementType.BFloat16 => Narrow(tensor.Int32Data, value => unchecked((ushort)value)),
            _ => Narrow(tensor.Int32Data, value => unchecked((byte)value)),
        };
        if (typed.Length != expected)
            throw new UserErrorException($"{source}: tensor '{tensor.Name}' holds {typed.Length} bytes of data where its shape asks for {expected}; a weight may be absent");
        return typed;
    }

    private static byte[] Narrow<TFrom, TTo>(IEnumerable<TFrom> values, Func<TFrom, TTo> narrow)
        where TTo : unmanaged
        => MemoryMarshal.AsBytes<TTo>(values.Select(narrow).ToArray()).ToArray();

    private byte[] External(TensorProto tensor, long expected)
    {
        var entries = tensor.ExternalData.GroupBy(entry => entry.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal);
        if (!entries.TryGetValue("location", out var location) || folder is null)
            throw new UserErrorException($"{source}: tensor '{tensor.Name}' lies outside the file, and {(folder is null ? "there is no folder to look in" : "does not say where")}");
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        var path = location.Contains('\0', StringComparison.Ordinal) ? "" : Path.GetFullPath(Path.Combine(root, location));
        if (Path.IsPathRooted(location) || !path.StartsWith(root, StringComparison.Ordinal))
            throw new UserErrorException($"{source}: tensor '{tensor.Name}' asks for external data at '{location}', outside the model's folder; refused");
        var file = new FileInfo(path);
        if (!file.Exists) throw new UserErrorException($"{source}: tensor '{tensor.Name}': external data file '{location}' is missing");
        if (HasLink(file, root)) throw new UserErrorException($"{source}: tensor '{tensor.Name}': external data file '{location}' is a link; refused");
        var offset = Number(tensor, entries, "offset", 0);
        var length = Number(tensor, entries, "length", expected);
        if (length != expected || offset > file.Length || length > file.Length - offset)
            throw new UserErrorException($"{source}: tensor '{tensor.Name}' asks for {length} bytes at offset {offset} of '{location}' ({file.Length} bytes); its shape takes {expected}");
        try
        {
            using var stream = file.OpenRead();
            var bytes = new byte[expected];
            stream.Position = offset;
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{source}: tensor '{tensor.Name}': external data file '{location}' cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>Whether the file, or a folder between it and the model's, is a link to somewhere else.</summary>
    private static bool HasLink(FileInfo file, string root)
    {
        if (file.LinkTarget is not null) return true;
        for (var between = file.Directory; between is not null && between.FullName.Length >= root.Length; between = between.Parent)
        {
            if (between.LinkTarget is not null) return true;
        }

        return false;
    }

    private long Number(TensorProto tensor, Dictionary<string, string> entries, string key, long absent)
    {
        if (!entries.TryGetValue(key, out var text)) return absent;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new UserErrorException($"{source}: tensor '{tensor.Name}': external data {key} '{text}' is not a number");
    }
}
