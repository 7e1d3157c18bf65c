using System.Security.Cryptography;
using Subbyte.Networks;

namespace Subbyte.Data;

/// <summary>Where the records of a data set come from: a file held in memory, or a generator. Reading is safe from several threads.</summary>
public abstract class RecordStore
{
    private readonly int[] _sampleShape;

    /// <summary>Creates the store.</summary>
    /// <param name="count">Number of records, at least 1.</param>
    /// <param name="sampleShape">Shape of one sample; for images channels, height, width.</param>
    /// <param name="classCount">Number of classes, or <see langword="null"/> for records without labels.</param>
    protected RecordStore(int count, ReadOnlySpan<int> sampleShape, int? classCount)
    {
        (Count, ClassCount, _sampleShape) = (count, classCount, sampleShape.ToArray());
    }

    /// <summary>Number of records.</summary>
    public int Count { get; }

    /// <summary>Shape of one sample; for images channels, height, width.</summary>
    public ReadOnlySpan<int> SampleShape => _sampleShape;

    /// <summary>Number of classes, or <see langword="null"/> for records without labels.</summary>
    public int? ClassCount { get; }

    /// <summary>
    /// Number of sequences that the records are steps of, side by side: record k is a step of sequence k mod streams. 0 where each record stands alone.
    /// </summary>
    public virtual int Streams => 0;

    /// <summary>The same records in the shape that a network takes, where records have no shape of their own (photos of any size).</summary>
    /// <param name="inputShape">The network's input without the batch dimension; a dimension below 1 is free.</param>
    /// <param name="preprocessing">What the network expects to be done to them.</param>
    /// <returns>The records; this store when their shape is given.</returns>
    /// <exception cref="UserErrorException">The preprocessing contradicts the input.</exception>
    public virtual RecordStore ForInput(ReadOnlySpan<int> inputShape, Preprocessing preprocessing) => this;

    /// <summary>The class of a record; only for records with labels.</summary>
    /// <param name="index">The record, 0 to <see cref="Count"/> − 1.</param>
    /// <returns>0 to <see cref="ClassCount"/> − 1.</returns>
    public abstract int Label(int index);

    /// <summary>Reads the values of a sample, not preprocessed (0 to 255 for images of bytes).</summary>
    /// <param name="index">The record, 0 to <see cref="Count"/> − 1.</param>
    /// <param name="destination">Takes the values, row-major over <see cref="SampleShape"/>; exactly as long.</param>
    public abstract void Read(int index, Span<float> destination);

    /// <summary>The file that a record is, where each is one of its own; else null.</summary>
    /// <param name="index">The record, 0 to <see cref="Count"/> − 1.</param>
    /// <returns>Its path, or null.</returns>
    public virtual string? File(int index) => null;

    /// <summary>Adds the stored bytes of a sample (without its label) to a hash.</summary>
    /// <param name="index">The record, 0 to <see cref="Count"/> − 1.</param>
    /// <param name="hash">Takes the bytes.</param>
    public abstract void AppendTo(int index, IncrementalHash hash);

    /// <summary>Adds to a hash what makes a sample the same as another one, in whatever file that lies.</summary>
    /// <param name="index">The record, 0 to <see cref="Count"/> − 1.</param>
    /// <param name="hash">Takes the bytes.</param>
    public virtual void AppendIdentityTo(int index, IncrementalHash hash) => AppendTo(index, hash);
}
