using System.Collections.Immutable;
using System.Globalization;
using System.Numerics.Tensors;

namespace Subbyte.Networks;

/// <summary>
/// What a network expects to be done to stored values before they enter it:
/// <c>input[c] = (value[c]·scale − mean[c]) / std[c]</c> in float32, each operation rounded once, where <c>c</c> counts the channels in the
/// order in which the network takes them.
/// </summary>
/// <remarks>
/// It belongs to the network. As text (<see cref="ToString"/>, <see cref="Parse"/>) it is the value of the command line's
/// <c>--preprocess</c> and of the metadata entry <see cref="MetadataKey"/> of an exported ONNX model.
/// A mean or standard deviation of length 1 is that of every channel.
/// </remarks>
public sealed record Preprocessing
{
    /// <summary>The key under which an ONNX model's metadata carries the text of its preprocessing.</summary>
    public const string MetadataKey = "subbyte.preprocess";

    /// <summary>The largest side, in pixels, of what photos are scaled to.</summary>
    public const int MostPixels = 4096;

    /// <summary>Creates the rule.</summary>
    /// <param name="order">The order of the channels.</param>
    /// <param name="scale">The factor of a stored value: finite, not zero.</param>
    /// <param name="mean">What is subtracted after scaling, per channel (or one for all): finite.</param>
    /// <param name="std">What is divided by, per channel (or one for all): finite, greater than zero.</param>
    /// <exception cref="UserErrorException">A number is out of its range, or the numbers of channels differ.</exception>
    public Preprocessing(ChannelOrder order, float scale, ImmutableArray<float> mean, ImmutableArray<float> std)
    {
        if (!float.IsFinite(scale) || scale == 0) throw Invalid($"scale {scale} must be finite and not zero");
        if (mean.IsDefaultOrEmpty || std.IsDefaultOrEmpty) throw Invalid("mean and std need at least one number each");
        foreach (var value in mean)
            if (!float.IsFinite(value)) throw Invalid($"mean {value} must be finite");
        foreach (var value in std)
            if (!float.IsFinite(value) || value <= 0) throw Invalid($"std {value} must be finite and greater than zero");
        if (mean.Length != 1 && std.Length != 1 && mean.Length != std.Length)
            throw Invalid($"mean has {mean.Length} channels and std {std.Length}; give both the same number, or one for all");
        if (order != ChannelOrder.AsIs && Math.Max(mean.Length, std.Length) is not (1 or 3))
            throw Invalid($"order {order.ToString().ToUpperInvariant()} has 3 channels, mean and std have {Math.Max(mean.Length, std.Length)}");
        (Order, Scale, Mean, Std) = (order, scale, mean, std);
    }

    /// <summary>Stored values as they are.</summary>
    public static Preprocessing Identity { get; } = new(ChannelOrder.AsIs, 1, [0], [1]);

    /// <summary>The order of the channels.</summary>
    public ChannelOrder Order { get; }

    /// <summary>The factor of a stored value.</summary>
    public float Scale { get; }

    /// <summary>What is subtracted after scaling, per channel in the network's order, or one number for all.</summary>
    public ImmutableArray<float> Mean { get; }

    /// <summary>What is divided by, per channel in the network's order, or one number for all.</summary>
    public ImmutableArray<float> Std { get; }

    /// <summary>
    /// For photos of any size: the shorter side, in pixels, that they are scaled to before the middle is cut out; <see langword="null"/> for 256/224
    /// of the crop.
    /// </summary>
    /// <exception cref="UserErrorException">It is not 1 to 4096.</exception>
    public int? Resize
    {
        get;
        init => field = value is < 1 or > MostPixels ? throw Invalid($"resize={value} must lie in 1..{MostPixels}") : value;
    }

    /// <summary>For photos of any size: the side, in pixels, of the square that is cut out; <see langword="null"/> for the network's input.</summary>
    /// <exception cref="UserErrorException">It is not 1 to 4096.</exception>
    public int? Crop
    {
        get;
        init => field = value is < 1 or > MostPixels ? throw Invalid($"crop={value} must lie in 1..{MostPixels}") : value;
    }

    /// <summary>Reads the text form, for example <c>order=RGB,scale=0.0039,mean=0.485/0.456/0.406,std=0.229/0.224/0.225,resize=256</c>.</summary>
    /// <param name="text">Fields in any order; one left out has the value of <see cref="Identity"/>.</param>
    /// <returns>The rule.</returns>
    /// <exception cref="UserErrorException">The text is not of that form.</exception>
    public static Preprocessing Parse(string text)
    {
        ChannelOrder? order = null;
        float? scale = null;
        ImmutableArray<float>? mean = null, std = null;
        int? resize = null, crop = null;
        foreach (var field in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = field.IndexOf('=');
            var (key, value) = equals < 0 ? (field, "") : (field[..equals].TrimEnd(), field[(equals + 1)..].TrimStart());
            switch (key)
            {
                case "order" when order is null: order = ParseOrder(value); break;
                case "scale" when scale is null: scale = ParseNumber(key, value); break;
                case "mean" when mean is null: mean = ParseNumbers(key, value); break;
                case "std" when std is null: std = ParseNumbers(key, value); break;
                case "resize" when resize is null: resize = ParsePixels(key, value); break;
                case "crop" when crop is null: crop = ParsePixels(key, value); break;
                case "order" or "scale" or "mean" or "std" or "resize" or "crop": throw Invalid($"'{key}' is given twice in '{text}'");
                default: throw Invalid($"'{field}' in '{text}' is none of order=, scale=, mean=, std=, resize=, crop=");
            }
        }

        return new Preprocessing(order ?? ChannelOrder.AsIs, scale ?? 1, mean ?? [0], std ?? [1]) { Resize = resize, Crop = crop };
    }

    /// <summary>Finds a model's rule in a <c>models.json</c>.</summary>
    /// <param name="path">A JSON file whose list <c>models</c> holds entries with <c>file</c> and <c>preprocessing { order, scale, mean, std }</c>.</param>
    /// <param name="modelFileName">The model's file name without a folder.</param>
    /// <returns>The rule, or <see langword="null"/> when the list does not name the model.</returns>
    /// <exception cref="UserErrorException">The list cannot be read or is malformed.</exception>
    public static Preprocessing? FromModelsJson(string path, string modelFileName) => ModelsJson.Find(path, modelFileName);

    /// <summary>Finds a model's rule in the <c>models.json</c> of its folder.</summary>
    /// <param name="modelPath">The model's file.</param>
    /// <returns>The rule, or <see langword="null"/> when there is no such file or it does not name the model.</returns>
    /// <exception cref="UserErrorException">The list cannot be read or is malformed.</exception>
    public static Preprocessing? FromModelsJsonBeside(string modelPath) => ModelsJson.FindBeside(modelPath);

    /// <summary>Reads the name of a channel order.</summary>
    /// <param name="text"><c>RGB</c>, <c>BGR</c>, <c>as-is</c>, or a text that begins with <c>one channel</c>.</param>
    /// <returns>The order.</returns>
    /// <exception cref="UserErrorException">It is none of these.</exception>
    internal static ChannelOrder ParseOrder(string text) => text switch
    {
        "RGB" => ChannelOrder.Rgb,
        "BGR" => ChannelOrder.Bgr,
        "as-is" => ChannelOrder.AsIs,
        _ when text.StartsWith("one channel", StringComparison.Ordinal) => ChannelOrder.AsIs,
        _ => throw Invalid($"order '{text}' is none of RGB, BGR, as-is"),
    };

    /// <summary>Applies the rule to one sample.</summary>
    /// <param name="values">Stored values, row-major over <paramref name="shape"/>.</param>
    /// <param name="shape">The sample's shape; its first dimension counts the channels.</param>
    /// <param name="destination">Takes the network's input; as long as <paramref name="values"/>, and no part of the same memory.</param>
    /// <exception cref="UserErrorException">The sample has another number of channels than the rule.</exception>
    public void Apply(ReadOnlySpan<float> values, ReadOnlySpan<int> shape, Span<float> destination)
    {
        CheckChannels(shape);
        // Without a difference between channels a sample is one plane.
        var channels = Mean.Length == 1 && Std.Length == 1 && Order != ChannelOrder.Bgr ? 1 : shape[0];
        var plane = values.Length / channels;
        for (var c = 0; c < channels; c++)
        {
            var source = values.Slice((Order == ChannelOrder.Bgr ? channels - 1 - c : c) * plane, plane);
            var target = destination.Slice(c * plane, plane);
            TensorPrimitives.Multiply(source, Scale, target);
            TensorPrimitives.Subtract(target, Mean[Mean.Length == 1 ? 0 : c], target);
            TensorPrimitives.Divide(target, Std[Std.Length == 1 ? 0 : c], target);
        }
    }

    /// <summary>Ensures that samples of a shape have the channels that the rule speaks of.</summary>
    /// <param name="shape">The sample's shape; its first dimension counts the channels.</param>
    /// <exception cref="UserErrorException">They do not.</exception>
    public void CheckChannels(ReadOnlySpan<int> shape)
    {
        var expected = Order == ChannelOrder.AsIs ? Math.Max(Mean.Length, Std.Length) : 3;
        var channels = shape.IsEmpty ? 1 : shape[0];
        if (channels != expected && (expected != 1 || Order != ChannelOrder.AsIs))
            throw Invalid($"it speaks of {expected} channels ({this}), a sample of the data has {channels}");
    }

    /// <summary>The text form, read back by <see cref="Parse"/> to the same bits.</summary>
    /// <returns>All four fields, and those for photos that are given.</returns>
    public override string ToString() =>
        $"order={(Order == ChannelOrder.AsIs ? "as-is" : Order.ToString().ToUpperInvariant())},scale={Format(Scale)}," +
        $"mean={string.Join('/', Mean.Select(Format))},std={string.Join('/', Std.Select(Format))}" +
        (Resize is null ? "" : $",resize={Resize}") + (Crop is null ? "" : $",crop={Crop}");

    /// <summary>Whether two rules have the same text, hence the same values.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>Equality by value.</returns>
    public bool Equals(Preprocessing? other) =>
        other is not null && Order == other.Order && Scale.Equals(other.Scale) && Resize == other.Resize && Crop == other.Crop
        && Mean.AsSpan().SequenceEqual(other.Mean.AsSpan()) && Std.AsSpan().SequenceEqual(other.Std.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Order, Scale, Mean.Length, Mean[0], Std[0]);

    private static string Format(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static ImmutableArray<float> ParseNumbers(string key, string text) =>
        [.. text.Split('/').Select(part => ParseNumber(key, part))];

    private static float ParseNumber(string key, string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Invalid($"{key} '{text}' is not a number (several are separated by '/')");

    private static int ParsePixels(string key, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels)
            ? pixels
            : throw Invalid($"{key} '{text}' is not a number of pixels");

    private static UserErrorException Invalid(string why) => new($"preprocessing: {why}");
}
