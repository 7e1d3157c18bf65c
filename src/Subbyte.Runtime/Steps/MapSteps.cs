using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>Adds two values and clamps.</summary>
public sealed class AddStep(string name, IReadOnlyList<int> inputs, int output, float lowest, float highest) : PackedStep(name, inputs, output), ITileStep
{
    /// <inheritdoc/>
    public override string Description => "add";

    internal override StepKind Kind => StepKind.Add;

    internal static AddStep Read(PackedReader reader, StepPlace place, int second)
    {
        place.RequireSame(reader);
        if (second != place.InputLength) throw reader.Fail($"step '{place.Name}' cannot add {second} elements to {place.InputLength}");
        return new AddStep(place.Name, place.Inputs, place.Output, reader.Single("the lower end"), reader.Single("the upper end"));
    }

    internal override void Write(PackedWriter writer)
    {
        writer.Single(lowest);
        writer.Single(highest);
    }

    int ITileStep.Channels => 0;

    int ITileStep.Other(int changed) => Inputs[0] == changed ? Inputs[1] : Inputs[0];

    int? ITileStep.Direction(int channel) => null;

    void ITileStep.Apply(ReadOnlySpan<float> block, ReadOnlySpan<float> other, Span<float> result) => Elementwise.Add(block, other, result, lowest, highest);

    internal override void RunTile(SessionFrame frame, int tile, int worker)
        => Elementwise.Add(frame.Value(Inputs[0]), frame.Value(Inputs[1]), frame.Value(Output), lowest, highest);
}

/// <summary>Clamps a value.</summary>
public sealed class ClipStep(string name, IReadOnlyList<int> inputs, int output, float lowest, float highest) : PackedStep(name, inputs, output), ITileStep
{
    /// <inheritdoc/>
    public override string Description => "clip";

    internal override StepKind Kind => StepKind.Clip;

    internal static ClipStep Read(PackedReader reader, StepPlace place)
    {
        place.RequireSame(reader);
        return new ClipStep(place.Name, place.Inputs, place.Output, reader.Single("the lower end"), reader.Single("the upper end"));
    }

    internal override void Write(PackedWriter writer)
    {
        writer.Single(lowest);
        writer.Single(highest);
    }

    int ITileStep.Channels => 0;

    int ITileStep.Other(int changed) => -1;

    int? ITileStep.Direction(int channel) => 1;

    void ITileStep.Apply(ReadOnlySpan<float> block, ReadOnlySpan<float> other, Span<float> result) => Elementwise.Clip(block, lowest, highest, result);

    internal override void RunTile(SessionFrame frame, int tile, int worker) => Elementwise.Clip(frame.Value(Inputs[0]), lowest, highest, frame.Value(Output));
}

/// <summary>One affine function a channel, channels innermost: batch normalization.</summary>
public sealed class AffineStep(string name, IReadOnlyList<int> inputs, int output, float[] scale, float[] shift, float lowest, float highest) : PackedStep(name, inputs, output), ITileStep
{
    /// <inheritdoc/>
    public override string Description => "affine";

    internal override StepKind Kind => StepKind.Affine;

    internal static AffineStep Read(PackedReader reader, StepPlace place)
    {
        place.RequireSame(reader);
        var channels = reader.Int32(1, place.InputLength, "the number of channels");
        if (place.InputLength % channels != 0) throw reader.Fail($"{place.InputLength} elements have no {channels} channels");
        return new AffineStep(place.Name, place.Inputs, place.Output, reader.Block<float>(channels, "scales").ToArray(), reader.Block<float>(channels, "shifts").ToArray(), reader.Single("the lower end"), reader.Single("the upper end"));
    }

    internal override void Write(PackedWriter writer)
    {
        writer.Int32(scale.Length);
        writer.Block<float>(scale);
        writer.Block<float>(shift);
        writer.Single(lowest);
        writer.Single(highest);
    }

    int ITileStep.Channels => scale.Length;

    int ITileStep.Other(int changed) => -1;

    int? ITileStep.Direction(int channel) => scale[channel] >= 0 ? 1 : scale[channel] < 0 ? -1 : null;

    void ITileStep.Apply(ReadOnlySpan<float> block, ReadOnlySpan<float> other, Span<float> result) => Elementwise.Affine(block, scale, shift, result, lowest, highest);

    internal override void RunTile(SessionFrame frame, int tile, int worker) => Elementwise.Affine(frame.Value(Inputs[0]), scale, shift, frame.Value(Output), lowest, highest);
}

/// <summary>Maximum or average of the windows of a map.</summary>
public sealed class PoolStep(string name, IReadOnlyList<int> inputs, int output, ConvolutionGeometry geometry, bool isMaximum, bool countPadding) : PackedStep(name, inputs, output)
{
    /// <inheritdoc/>
    public override string Description => isMaximum ? "max-pool" : "average-pool";

    internal override StepKind Kind => StepKind.Pool;

    /// <summary>Sizes.</summary>
    public ConvolutionGeometry Geometry => geometry;

    /// <summary>Whether it is the maximum.</summary>
    public bool IsMaximum => isMaximum;

    internal static PoolStep Read(PackedReader reader, StepPlace place)
    {
        var geometry = GeometryFormat.Read(reader, place.InputLength, place.OutputLength);
        if (geometry.InChannels != geometry.OutChannels) throw reader.Fail($"pooling makes no {geometry.OutChannels} channels of {geometry.InChannels}");
        return new PoolStep(place.Name, place.Inputs, place.Output, geometry, reader.Int32(0, 1, "the kind of pooling") == 1, reader.Int32(0, 1, "whether padding counts") == 1);
    }

    internal override void Write(PackedWriter writer)
    {
        GeometryFormat.Write(writer, geometry);
        writer.Int32(isMaximum ? 1 : 0);
        writer.Int32(countPadding ? 1 : 0);
    }

    internal override void RunTile(SessionFrame frame, int tile, int worker)
    {
        if (isMaximum) Pooling.Max(frame.Value(Inputs[0]), geometry, frame.Value(Output));
        else Pooling.Average(frame.Value(Inputs[0]), geometry, countPadding, frame.Value(Output));
    }
}

/// <summary>The average of each channel over all pixels.</summary>
public sealed class GlobalAverageStep(string name, IReadOnlyList<int> inputs, int output, int positions) : PackedStep(name, inputs, output)
{
    /// <inheritdoc/>
    public override string Description => "global average";

    internal override StepKind Kind => StepKind.GlobalAverage;

    internal static GlobalAverageStep Read(PackedReader reader, StepPlace place)
    {
        var positions = reader.Int32(1, place.InputLength, "the number of pixels");
        if ((long)positions * place.OutputLength != place.InputLength) throw reader.Fail($"{place.InputLength} elements are no {positions} pixels of {place.OutputLength} channels");
        return new GlobalAverageStep(place.Name, place.Inputs, place.Output, positions);
    }

    internal override void Write(PackedWriter writer) => writer.Int32(positions);

    internal override void RunTile(SessionFrame frame, int tile, int worker)
    {
        var result = frame.Value(Output);
        Pooling.GlobalAverage(frame.Value(Inputs[0]), positions, result.Length, result);
    }
}

/// <summary>Transposes a matrix: channels and pixels change places.</summary>
public sealed class TransposeStep(string name, IReadOnlyList<int> inputs, int output, int rows, int columns) : PackedStep(name, inputs, output)
{
    /// <inheritdoc/>
    public override string Description => "layout";

    /// <summary>Rows of the matrix.</summary>
    public int Rows => rows;

    /// <summary>Columns of the matrix.</summary>
    public int Columns => columns;

    internal override StepKind Kind => StepKind.Transpose;

    /// <summary>Puts what belongs to the elements of a transposed map in the order of the map before.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="transposed">Elements, some maps one behind the other.</param>
    /// <param name="length">Elements of a map.</param>
    /// <param name="rows">Rows of the map before the transposition.</param>
    /// <returns>The elements in their new order.</returns>
    internal static T[] Undo<T>(ReadOnlySpan<T> transposed, int length, int rows)
    {
        var (elements, columns) = (new T[transposed.Length], length / rows);
        for (var i = 0; i < elements.Length; i++)
        {
            var (row, column) = Math.DivRem(i % length, columns);
            elements[i] = transposed[i - (i % length) + (column * rows) + row];
        }

        return elements;
    }

    internal static TransposeStep Read(PackedReader reader, StepPlace place)
    {
        place.RequireSame(reader);
        var rows = reader.Int32(1, place.InputLength, "the number of rows");
        if (place.InputLength % rows != 0) throw reader.Fail($"{place.InputLength} elements have no {rows} rows");
        return new TransposeStep(place.Name, place.Inputs, place.Output, rows, place.InputLength / rows);
    }

    internal override void Write(PackedWriter writer) => writer.Int32(rows);

    internal override void RunTile(SessionFrame frame, int tile, int worker) => Transposition.Run(frame.Value(Inputs[0]), columns, rows, columns, frame.Value(Output), rows);
}

/// <summary>Copies a value: it takes another shape.</summary>
public sealed class CopyStep(string name, IReadOnlyList<int> inputs, int output) : PackedStep(name, inputs, output)
{
    /// <inheritdoc/>
    public override string Description => "copy";

    internal override StepKind Kind => StepKind.Copy;

    internal static CopyStep Read(PackedReader reader, StepPlace place)
    {
        place.RequireSame(reader);
        return new CopyStep(place.Name, place.Inputs, place.Output);
    }

    internal override void Write(PackedWriter writer)
    {
        // The values say it all.
    }

    internal override void RunTile(SessionFrame frame, int tile, int worker) => frame.Value(Inputs[0]).CopyTo(frame.Value(Output));
}

/// <summary>Joins values along an axis: rows of each, one behind the other.</summary>
public sealed class ConcatStep(string name, IReadOnlyList<int> inputs, int output, int rows) : PackedStep(name, inputs, output)
{
    /// <inheritdoc/>
    public override string Description => "concat";

    internal override StepKind Kind => StepKind.Concat;

    internal static ConcatStep Read(PackedReader reader, StepPlace place, int[] lengths)
    {
        var rows = reader.Int32(1, place.OutputLength, "the number of rows");
        if (lengths.Sum(length => (long)length) != place.OutputLength || lengths.Any(length => length % rows != 0)) throw reader.Fail($"step '{place.Name}' cannot join its inputs to {place.OutputLength} elements");
        return new ConcatStep(place.Name, place.Inputs, place.Output, rows);
    }

    internal override void Write(PackedWriter writer) => writer.Int32(rows);

    internal override void RunTile(SessionFrame frame, int tile, int worker)
    {
        var target = frame.Value(Output);
        var (targetRow, offset) = (target.Length / rows, 0);
        for (var i = 0; i < Inputs.Count; i++)
        {
            var source = frame.Value(Inputs[i]);
            var row = source.Length / rows;
            for (var r = 0; r < rows; r++) source.Slice(r * row, row).CopyTo(target[((r * targetRow) + offset)..]);
            offset += row;
        }
    }
}
