using Subbyte.Networks;
using Subbyte.Prediction;

namespace Subbyte.Methods.Zap;

/// <summary>
/// Predictors and thresholds in a network's metadata: what a network was fine-tuned with goes with its file. Bytes in base 64: a version, the number of maps, and for each its
/// ReLU's name, channels, height, width, threshold, computed positions, numbers and running statistics.
/// </summary>
internal static class StoredPredictors
{
    /// <summary>Key of the metadata.</summary>
    public const string MetadataKey = "subbyte.zap";

    private const byte Version = 1;

    /// <summary>Writes masks into a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="masks">Masks by the name of the ReLU that makes the map; those of other methods are left out.</param>
    /// <returns>The network with them in its metadata.</returns>
    public static Network Write(Network network, IReadOnlyDictionary<string, OutputPrediction> masks)
    {
        var own = masks.Where(entry => entry.Value.Mask is ZapMask).OrderBy(entry => entry.Key, StringComparer.Ordinal).ToArray();
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            writer.Write(Version);
            writer.Write(own.Length);
            foreach (var (activation, prediction) in own) Write(writer, activation, (ZapMask)prediction.Mask);
        }

        return network with { Metadata = new Dictionary<string, string>(network.Metadata, StringComparer.Ordinal) { [MetadataKey] = Convert.ToBase64String(stream.ToArray()) } };
    }

    /// <summary>Reads the masks of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="maps">Its maps that are to be predicted.</param>
    /// <returns>One mask a map, in their order.</returns>
    /// <exception cref="UserErrorException">It holds none, they are damaged, or they are those of another network.</exception>
    public static ZapMask[] Read(Network network, IReadOnlyList<PredictableMap> maps)
    {
        if (!network.Metadata.TryGetValue(MetadataKey, out var text))
            throw new UserErrorException($"network '{network.Name}' holds no predictors; 'subbyte train' with the method '{ZapPass.Name}' puts them there, and without predictors=stored they are trained anew");
        var masks = new Dictionary<string, ZapMask>(StringComparer.Ordinal);
        try
        {
            using var reader = new BinaryReader(new MemoryStream(Convert.FromBase64String(text)));
            if (reader.ReadByte() != Version) throw new InvalidDataException("of another version");
            var shapes = maps.ToDictionary(map => map.Activation, map => map.Shape, StringComparer.Ordinal);
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var activation = reader.ReadString();
                if (!shapes.TryGetValue(activation, out var shape)) throw new InvalidDataException($"'{activation}' is no map of the network");
                masks[activation] = Read(reader, shape);
            }
        }
        catch (Exception failure) when (failure is FormatException or IOException or InvalidDataException)
        {
            throw new UserErrorException($"network '{network.Name}': the predictors in its metadata ('{MetadataKey}') cannot be used: {failure.Message}", failure);
        }

        if (maps.FirstOrDefault(map => !masks.ContainsKey(map.Activation)) is { } missing)
            throw new UserErrorException($"network '{network.Name}' holds no predictor for the map of '{missing.Activation}'; train it again with the method '{ZapPass.Name}'");
        return [.. maps.Select(map => masks[map.Activation])];
    }

    private static void Write(BinaryWriter writer, string activation, ZapMask mask)
    {
        var predictor = mask.Predictor;
        writer.Write(activation);
        writer.Write(predictor.Shape.Channels);
        writer.Write(predictor.Shape.Height);
        writer.Write(predictor.Shape.Width);
        writer.Write(mask.Threshold);
        foreach (var computed in predictor.Computed) writer.Write(computed);
        foreach (var number in predictor.Values) writer.Write(number);
        foreach (var number in predictor.Running) writer.Write(number);
    }

    private static ZapMask Read(BinaryReader reader, MapShape shape)
    {
        var stored = new MapShape(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        if (stored != shape) throw new InvalidDataException($"a map of {stored.Channels}×{stored.Height}×{stored.Width} where the network has {shape.Channels}×{shape.Height}×{shape.Width}");
        var threshold = reader.ReadSingle();
        var computed = new bool[shape.Positions];
        for (var i = 0; i < computed.Length; i++) computed[i] = reader.ReadBoolean();
        var predictor = new ZapPredictor(shape, computed);
        for (var i = 0; i < predictor.Values.Length; i++) predictor.Values[i] = reader.ReadSingle();
        for (var i = 0; i < predictor.Running.Length; i++) predictor.Running[i] = reader.ReadSingle();
        return new ZapMask(predictor, threshold);
    }
}
