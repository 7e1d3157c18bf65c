using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Data;

/// <summary>
/// Samples with or without labels: a run of records of one split, each or every n-th of them. Values are as stored, before a network's preprocessing.
/// Immutable; reading is safe from several threads.
/// </summary>
public sealed class DataSet : ISampleSource
{
    private readonly RecordStore _records;
    private readonly int _first;
    private readonly int _step;
    private readonly int[]? _chosen;
    private readonly Lazy<string> _sha256;

    /// <summary>Creates the data set of all records of a store.</summary>
    /// <param name="records">The records.</param>
    /// <param name="spec">The text that names the data, as the user gave it.</param>
    /// <param name="split"><c>train</c>, <c>test</c>, or <c>all</c> for data that are not divided.</param>
    public DataSet(RecordStore records, string spec, string split)
        : this(records, spec, split, 0, 1, records.Count)
    {
    }

    private DataSet(RecordStore records, string spec, string split, int first, int step, int count, int[]? chosen = null)
    {
        (_records, Spec, Split, _first, _step, Count, _chosen) = (records, spec, split, first, step, count, chosen);
        SampleLength = (int)ElementTypes.ElementCount(records.SampleShape);
        _sha256 = new Lazy<string>(ComputeSha256);
    }

    /// <summary>The text that names the data, as the user gave it.</summary>
    public string Spec { get; }

    /// <summary><c>train</c>, <c>test</c>, or <c>all</c> for data that are not divided.</summary>
    public string Split { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<int> SampleShape => _records.SampleShape;

    /// <summary>Number of values of one sample.</summary>
    public int SampleLength { get; }

    /// <summary>Whether each sample has a label.</summary>
    public bool HasLabels => _records.ClassCount is not null;

    /// <summary>
    /// Number of sequences that the samples are steps of, side by side: sample k is a step of sequence k mod streams, and its label is the step after it.
    /// 0 where each sample stands alone.
    /// </summary>
    /// <exception cref="UserErrorException">The samples were chosen so that they are not whole steps in order.</exception>
    public int Streams
    {
        get
        {
            var streams = _records.Streams;
            if (streams > 0 && (_step != 1 || _first % streams != 0 || _chosen is not null))
                throw new UserErrorException($"{Spec}: the records are steps of {streams} streams; choose a run of them that begins at a multiple of {streams}, such as #0-{(100 * streams) - 1}");
            return streams;
        }
    }

    /// <summary>
    /// Number of classes, or <see langword="null"/> without labels. Where the format does not say it, one more than the largest label of the
    /// whole split.
    /// </summary>
    public int? ClassCount => _records.ClassCount;

    /// <summary>
    /// SHA-256, in lower-case hexadecimal, of what is evaluated: for each sample in order its stored bytes, then its label (if any) as 32 bits,
    /// little-endian. Compression, file names and the split do not enter.
    /// </summary>
    public string Sha256 => _sha256.Value;

    /// <summary>The class of a sample.</summary>
    /// <param name="index">Its number, 0 to <see cref="Count"/> − 1.</param>
    /// <returns>0 to <see cref="ClassCount"/> − 1.</returns>
    /// <exception cref="InvalidOperationException">The data have no labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public int Label(int index)
    {
        if (!HasLabels) throw new InvalidOperationException($"{Spec} has no labels.");
        return _records.Label(Record(index));
    }

    /// <summary>The file that a sample is, where each is one of its own, as photos are.</summary>
    /// <param name="index">Its number, 0 to <see cref="Count"/> − 1.</param>
    /// <returns>The path, or null.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public string? File(int index) => _records.File(Record(index));

    /// <inheritdoc/>
    public void Read(int index, Span<float> destination)
    {
        if (destination.Length != SampleLength)
            throw new ArgumentException($"A sample has {SampleLength} values, the destination {destination.Length}.", nameof(destination));
        _records.Read(Record(index), destination);
    }

    /// <summary>A run of consecutive samples.</summary>
    /// <param name="first">The first one, 0 to <see cref="Count"/> − 1.</param>
    /// <param name="count">Their number; cut at the end of the data.</param>
    /// <returns>A view of the same records.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such first sample, or <paramref name="count"/> is not positive.</exception>
    public DataSet Slice(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var (record, taken) = (Record(first), Math.Min(count, Count - first));
        return new DataSet(_records, Spec, Split, record, _step, taken, _chosen?.AsSpan(first, taken).ToArray());
    }

    /// <summary>Every n-th sample, from the first on.</summary>
    /// <param name="step">n, at least 1.</param>
    /// <returns>A view of the same records.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is not positive.</exception>
    public DataSet Every(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        var chosen = _chosen?.Where((_, i) => i % step == 0).ToArray();
        return new DataSet(_records, Spec, Split, _first, step > Count ? 1 : _step * step, ((Count - 1) / step) + 1, chosen);
    }

    /// <summary>The samples whose stored bytes do not occur in another set.</summary>
    /// <param name="other">The other set, for example the one that is reported.</param>
    /// <returns>A view of the same records.</returns>
    /// <exception cref="InvalidOperationException">No sample is left.</exception>
    public DataSet Without(DataSet other)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var theirs = other.Fingerprints(hash);
        var chosen = Enumerable.Range(0, Count).Where(i => !theirs.Contains(Fingerprint(i, hash))).Select(i => Record(i)).ToArray();
        if (chosen.Length == 0) throw new InvalidOperationException($"All samples of {Spec} occur in {other.Spec}.");
        return chosen.Length == Count ? this : new DataSet(_records, Spec, Split, _first, _step, chosen.Length, chosen);
    }

    /// <summary>The same samples in the shape that a network takes, where they have no shape of their own (photos of any size).</summary>
    /// <param name="inputShape">The network's input without the batch dimension; a dimension below 1 is free.</param>
    /// <param name="preprocessing">What the network expects to be done to them.</param>
    /// <returns>A view of the same records; it may still not fit the input.</returns>
    /// <exception cref="UserErrorException">The preprocessing contradicts the input.</exception>
    internal DataSet ForInput(ReadOnlySpan<int> inputShape, Preprocessing preprocessing)
    {
        var records = _records.ForInput(inputShape, preprocessing);
        return records == _records ? this : new DataSet(records, Spec, Split, _first, _step, Count, _chosen);
    }

    /// <summary>Counts the samples of this set whose stored bytes (of a text: with the words around them) occur in another set, whatever file they come from.</summary>
    /// <param name="other">The other set, for example the one to calibrate on.</param>
    /// <returns>0 to <see cref="Count"/>.</returns>
    public int CountSharedSamples(DataSet other)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var theirs = other.Fingerprints(hash);
        var shared = 0;
        for (var i = 0; i < Count; i++)
            if (theirs.Contains(Fingerprint(i, hash))) shared++;
        return shared;
    }

    /// <summary>Counts the samples of each class.</summary>
    /// <returns>As many numbers as there are classes.</returns>
    /// <exception cref="InvalidOperationException">The data have no labels.</exception>
    public int[] CountClasses()
    {
        var counts = new int[ClassCount ?? 0];
        for (var i = 0; i < Count; i++) counts[Label(i)]++;
        return counts;
    }

    /// <summary>Ensures that a network which tells a number of classes apart can be judged by the labels.</summary>
    /// <param name="outputs">The number of classes that the network tells apart.</param>
    /// <param name="model">The network's name in the error.</param>
    /// <exception cref="UserErrorException">A label is too large; the message names the first such record.</exception>
    public void CheckLabels(int outputs, string model)
    {
        if (ClassCount <= outputs || !HasLabels) return;
        for (var i = 0; i < Count; i++)
            if (Label(i) >= outputs)
                throw new UserErrorException($"{Spec}: record {Record(i)} has label {Label(i)}, but {model} tells {outputs} classes apart (0 to {outputs - 1}); give the data that the model was trained for");
    }

    private HashSet<UInt128> Fingerprints(IncrementalHash hash)
    {
        var all = new HashSet<UInt128>();
        for (var i = 0; i < Count; i++) all.Add(Fingerprint(i, hash));
        return all;
    }

    private UInt128 Fingerprint(int index, IncrementalHash hash)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _records.AppendIdentityTo(Record(index), hash);
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    private string ComputeSha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> label = stackalloc byte[sizeof(int)];
        for (var i = 0; i < Count; i++)
        {
            _records.AppendTo(Record(i), hash);
            if (!HasLabels) continue;
            BinaryPrimitives.WriteInt32LittleEndian(label, Label(i));
            hash.AppendData(label);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The record of a sample.</summary>
    private int Record(int index, [CallerArgumentExpression(nameof(index))] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count, name);
        return _chosen is null ? _first + (index * _step) : _chosen[index];
    }
}
