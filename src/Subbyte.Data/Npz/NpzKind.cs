using System.Runtime.InteropServices;
using Subbyte.Tensors;

namespace Subbyte.Data.Npz;

/// <summary>NumPy archives: a zip of <c>x.npy</c> (the samples, first dimension the records) and, for labelled data, <c>y.npy</c>.</summary>
internal sealed class NpzKind : IDataKind
{
    /// <inheritdoc/>
    public string Name => "npz";

    /// <inheritdoc/>
    public string Usage => "npz:FILE";

    /// <inheritdoc/>
    public string Summary => "a NumPy archive: x (samples first; float32, float64, uint8, int8, int32, int64) and y (integer labels, may be absent)";

    /// <inheritdoc/>
    public DataSet Open(DataSpec spec)
    {
        spec.ExpectNoTrainSplit();
        var path = spec.ResolvePath();
        var (samples, labels) = ReadArrays(path);
        if (samples.Shape.Length < 2)
            throw new UserErrorException($"{path}: x has {samples.Shape.Length} dimensions; it needs the records first and the shape of a sample after them");
        var count = samples.Shape[0];
        var classes = labels is null ? null : Labels(path, labels, count);
        var records = new RawRecords(samples.Bytes, count, samples.Shape.AsSpan(1), classes, classes?.Max() + 1) { ElementType = samples.ElementType };
        if (records.FindNotFinite() is var (record, element))
            throw new UserErrorException($"{path}: element {element} of record {record} of x is not a finite float32");
        return new DataSet(records, spec.Text, "all");
    }

    private static (NpyArray X, NpyArray? Y) ReadArrays(string path) => NpzArchive.Open(path, archive => archive.Read("x") is { } x
        ? (x, archive.Read("y"))
        : throw new UserErrorException($"{path}: holds no array x; it has {archive.Contents} (save with numpy.savez(file, x=…, y=…))"));

    private static int[] Labels(string path, NpyArray labels, int count)
    {
        if (labels.Shape is not [var length] || length != count)
            throw new UserErrorException($"{path}: y is {string.Join('x', labels.Shape)}, x has {count} records; y needs one label for each");
        var result = new int[count];
        for (var i = 0; i < count; i++)
        {
            var label = labels.ElementType switch
            {
                ElementType.UInt8 => labels.Bytes[i],
                ElementType.Int8 => unchecked((sbyte)labels.Bytes[i]),
                ElementType.Int32 => MemoryMarshal.Cast<byte, int>(labels.Bytes)[i],
                ElementType.Int64 => MemoryMarshal.Cast<byte, long>(labels.Bytes)[i],
                _ => throw new UserErrorException($"{path}: y holds {labels.ElementType} elements; labels are integers"),
            };
            if (label is < 0 or >= RawRecords.MostClasses)
                throw new UserErrorException($"{path}: label {i} of y is {label}; labels are 0 to {RawRecords.MostClasses - 1}");
            result[i] = (int)label;
        }

        return result;
    }
}
