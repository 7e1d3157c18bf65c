using Subbyte.Tensors;

namespace Subbyte.Data.Sets;

/// <summary>
/// What a descriptor says. <c>file</c>: the samples, one after another, gzip or not. <c>dtype</c>: u8, i8 or f32 (little-endian).
/// <c>shape</c>: one sample as it is stored. <c>layout</c>: NCHW (any shape) or NHWC (height, width, channels). <c>labels</c>: a file of one byte
/// for each sample, or a CSV file whose <c>column</c> holds them. <c>classes</c>: their number. <c>scale</c>, <c>offset</c>:
/// value = element · scale + offset.
/// </summary>
internal sealed record SetDescriptor
{
    private readonly YamlMapping _source;

    private SetDescriptor(YamlMapping source) => _source = source;

    /// <summary>The file of samples.</summary>
    public required string File { get; init; }

    /// <summary>The type of the stored elements.</summary>
    public required ElementType ElementType { get; init; }

    /// <summary>How the values of a sample lie in the file.</summary>
    public required RawLayout Layout { get; init; }

    /// <summary>One sample with the channels first, whatever the layout of the file.</summary>
    public required int[] SampleShape { get; init; }

    /// <summary>The file of labels, if there is one.</summary>
    public string? Labels { get; init; }

    /// <summary>The column of a CSV file of labels.</summary>
    public string? Column { get; init; }

    /// <summary>The number of classes, if it is told.</summary>
    public int? Classes { get; init; }

    /// <summary>The factor of a stored element.</summary>
    public float Scale { get; init; }

    /// <summary>What is added after that.</summary>
    public float Offset { get; init; }

    /// <summary>Reads a descriptor; the files that it names are not looked at yet.</summary>
    /// <param name="yaml">Its text.</param>
    /// <param name="baseFolder">The folder that relative paths in it start from.</param>
    /// <returns>The descriptor.</returns>
    /// <exception cref="UserErrorException">Something is missing, unknown or contradictory.</exception>
    public static SetDescriptor From(YamlMapping yaml, string? baseFolder)
    {
        yaml.ExpectOnly("description", "file", "dtype", "shape", "layout", "labels", "column", "classes", "scale", "offset");
        var layout = yaml.Choice("layout", "NCHW", "NHWC") == "NHWC" ? RawLayout.ChannelsLast : RawLayout.ChannelsFirst;
        var classes = yaml.PositiveIntegers("classes");
        if (classes.Count > 1) throw yaml.Error("classes", "is one number");
        var labels = yaml.TextOrNull("labels");
        if (labels is null && classes.Count == 1) throw yaml.Error("classes", "is given without 'labels'");
        return new SetDescriptor(yaml)
        {
            File = PathExpansion.Expand(yaml.Text("file"), baseFolder),
            ElementType = yaml.Choice("dtype", "u8", "i8", "f32") switch { "i8" => ElementType.Int8, "f32" => ElementType.Float32, _ => ElementType.UInt8 },
            Layout = layout,
            SampleShape = Shape(yaml, layout),
            Labels = labels is null ? null : PathExpansion.Expand(labels, baseFolder),
            Column = yaml.TextOrNull("column"),
            Classes = classes.Count == 1 ? classes[0] : null,
            Scale = yaml.Number("scale", 1),
            Offset = yaml.Number("offset", 0),
        };
    }

    /// <summary>Reads the samples and their labels.</summary>
    /// <returns>The records.</returns>
    /// <exception cref="UserErrorException">A file cannot be read, or does not hold what the descriptor says.</exception>
    public RecordStore Read()
    {
        var sampleBytes = ElementType.ByteLength(ElementTypes.ElementCount(SampleShape));
        var bytes = DataFile.ReadAll(File);
        if (bytes.Length == 0 || bytes.Length % sampleBytes != 0)
            throw new UserErrorException($"{File}: {bytes.Length} bytes are not a whole number of samples of {sampleBytes} bytes, as {_source.Source} says; the file is truncated or the shape wrong");
        var count = (int)(bytes.Length / sampleBytes);
        var labels = Labels is null ? null : LabelFile.Read(Labels, Column, count, Classes);
        var records = new RawRecords(bytes, count, SampleShape, labels, labels is null ? null : Classes ?? labels.Max() + 1)
        {
            ElementType = ElementType,
            Layout = Layout,
            Scale = Scale,
            Shift = Offset,
        };
        if (records.FindNotFinite() is var (record, element)) throw new UserErrorException($"{File}: element {element} of sample {record} is not finite");
        return records;
    }

    private static int[] Shape(YamlMapping yaml, RawLayout layout)
    {
        var shape = yaml.PositiveIntegers("shape");
        if (shape.Count is 0 or > 8) throw yaml.Error("shape", "must hold the 1 to 8 dimensions of one sample");
        var elements = (Int128)1;
        foreach (var dimension in shape)
        {
            elements *= dimension;
            if (elements > Array.MaxLength / sizeof(float)) throw yaml.Error("shape", "is larger than a sample may be");
        }

        if (layout == RawLayout.ChannelsFirst) return [.. shape];
        return shape is [var height, var width, var channels] ? [channels, height, width] : throw yaml.Error("shape", "must be height, width, channels for NHWC");
    }
}
