namespace Subbyte.Data.Cifar;

/// <summary>
/// CIFAR-10 in its binary form (A. Krizhevsky, 2009): records of a label (0 to 9) and 1,024 red, 1,024 green and 1,024 blue bytes, each plane
/// row-major, 32 × 32.
/// </summary>
internal sealed class CifarKind : IDataKind
{
    private const int Side = 32;
    private const int Channels = 3;
    private const int Classes = 10;
    private const int RecordBytes = 1 + (Channels * Side * Side);

    /// <inheritdoc/>
    public string Name => "cifar10";

    /// <inheritdoc/>
    public string Usage => "cifar10:PATH";

    /// <inheritdoc/>
    public string Summary => "CIFAR-10 binary records: a folder of batches or one file, gzip or not";

    /// <inheritdoc/>
    public DataSet Open(DataSpec spec)
    {
        var path = spec.ResolvePath();
        if (Directory.Exists(path))
        {
            var split = spec.Split ?? DataSplit.Test;
            return new DataSet(Read([.. FilesOf(spec, path, split)]), spec.Text, split == DataSplit.Train ? "train" : "test");
        }

        spec.ExpectNoTrainSplit();
        return new DataSet(Read([path]), spec.Text, "all");
    }

    /// <summary>A folder holds one file of test records, and either one file of training records or the original's numbered batches.</summary>
    private static IReadOnlyList<string> FilesOf(DataSpec spec, string folder, DataSplit split)
    {
        var candidates = DataFolder.Files(spec, folder, name => DataFolder.WithoutGz(name).EndsWith(".bin", StringComparison.Ordinal)
            && (split == DataSplit.Test ? name.StartsWith("test", StringComparison.Ordinal)
                : name.StartsWith("train", StringComparison.Ordinal) || name.StartsWith("data_batch_", StringComparison.Ordinal)));
        var batches = candidates.All(file => Path.GetFileName(file).StartsWith("data_batch_", StringComparison.Ordinal))
            && candidates.DistinctBy(file => DataFolder.WithoutGz(file)).Count() == candidates.Count;
        if (candidates.Count == 0)
            throw spec.Error($"{folder} holds no {(split == DataSplit.Test ? "test*.bin" : "train*.bin or data_batch_*.bin")} (or .bin.gz); name a file instead of the folder");
        if (candidates.Count > 1 && !(batches && split == DataSplit.Train)) throw DataFolder.Ambiguous(spec, candidates);
        return candidates;
    }

    private static RawRecords Read(string[] paths)
    {
        var files = Array.ConvertAll(paths, ReadFile);
        var bytes = files.Length == 1 ? files[0] : Join(paths[0], files);
        var labels = new int[bytes.Length / RecordBytes];
        for (var record = 0; record < labels.Length; record++) labels[record] = bytes[record * RecordBytes];
        return new RawRecords(bytes, labels.Length, [Channels, Side, Side], labels, Classes) { Offset = 1, Stride = RecordBytes };
    }

    private static byte[] ReadFile(string path)
    {
        var bytes = DataFile.ReadAll(path);
        if (bytes.Length == 0 || bytes.Length % RecordBytes != 0)
            throw new UserErrorException($"{path}: {bytes.Length} bytes are not a whole number of CIFAR-10 records of {RecordBytes} bytes; the file is truncated or in another format");
        for (var offset = 0; offset < bytes.Length; offset += RecordBytes)
            if (bytes[offset] >= Classes)
                throw new UserErrorException($"{path}: record {offset / RecordBytes} (byte {offset}) has label {bytes[offset]}, CIFAR-10 has 0 to {Classes - 1}; the file is damaged or in another format");
        return bytes;
    }

    private static byte[] Join(string path, byte[][] files)
    {
        var length = files.Sum(file => (long)file.Length);
        if (length > Array.MaxLength) throw new UserErrorException($"{path}: it and the other batches have {length} bytes together, more than one data set may have");
        var joined = new byte[length];
        var offset = 0;
        foreach (var file in files)
        {
            file.CopyTo(joined, offset);
            offset += file.Length;
        }

        return joined;
    }
}
