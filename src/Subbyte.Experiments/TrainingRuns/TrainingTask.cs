using System.Security.Cryptography;
using System.Text;
using Subbyte.Data;
using Subbyte.Experiments.Language;
using Subbyte.Networks;
using Subbyte.Onnx;
using Subbyte.Tensors;
using Subbyte.Training;

namespace Subbyte.Experiments.TrainingRuns;

/// <summary>A recipe with its network and its data opened.</summary>
public sealed class TrainingTask
{
    // Beyond this many numbers, samples are preprocessed each time they are read.
    private const long LargestCache = 1L << 27;

    private TrainingTask(TrainingRecipe recipe, Network network, Preprocessing preprocessing, DataSet train, DataSet? validation, DataSet test)
    {
        (Recipe, Network, Preprocessing, TrainData, ValidationData, TestData) = (recipe, network, preprocessing, train, validation, test);
        (Train, Test) = (Label(train), Label(test));
        Validation = validation is null ? null : Label(validation);
    }

    /// <summary>The recipe.</summary>
    public TrainingRecipe Recipe { get; }

    /// <summary>The network to start from, its preprocessing in its metadata.</summary>
    public Network Network { get; }

    /// <summary>How raw values become inputs.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>The data to train on.</summary>
    public DataSet TrainData { get; }

    /// <summary>The data that choose the best epoch, or null.</summary>
    public DataSet? ValidationData { get; }

    /// <summary>The data of the final metric.</summary>
    public DataSet TestData { get; }

    /// <summary>Samples to train on.</summary>
    public LabeledSamples Train { get; }

    /// <summary>Samples that choose the best epoch, or null.</summary>
    public LabeledSamples? Validation { get; }

    /// <summary>Samples of the final metric.</summary>
    public LabeledSamples Test { get; }

    /// <summary>What the preprocessing makes of a stored 0, channel by channel; empty where samples are no images.</summary>
    public IReadOnlyList<float> Black
    {
        get
        {
            if (Train.Samples.SampleShape.Length != 3) return [];
            var channels = Train.Samples.SampleShape[0];
            var black = new float[channels];
            Preprocessing.Apply(new float[channels], [channels, 1, 1], black);
            return black;
        }
    }

    /// <summary>How many training samples are tested too; 0 in an honest training.</summary>
    public int Overlap => TrainData.CountSharedSamples(TestData);

    /// <summary>Everything on which the trained weights depend, as a hash: the network, the data, the options.</summary>
    public string Identity
    {
        get
        {
            using var stream = new MemoryStream();
            OnnxNetwork.Write(Network, stream);
            var settings = Recipe.Text.ReplaceLineEndings("\n");
            string[] parts = [Convert.ToHexString(SHA256.HashData(stream.ToArray())), TrainData.Sha256, (ValidationData ?? TestData).Sha256, settings, $"{Recipe.Options.Seed}", $"{Recipe.Options.Epochs}"];
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
        }
    }

    /// <summary>Opens network and data.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="limit">Only the first so many samples of each set; all when null.</param>
    /// <returns>The task.</returns>
    /// <exception cref="UserErrorException">Something cannot be opened or does not fit.</exception>
    public static TrainingTask Open(TrainingRecipe recipe, int? limit)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var modelFile = recipe.NetworkIsFile ? recipe.NetworkPath : null;
        var train = Take(recipe.Train);
        var test = Take(recipe.Test);
        var validation = recipe.Validate is null ? null : Take(recipe.Validate);
        var (network, preprocessing) = modelFile is null ? BuiltIn(recipe, train) : FromFile(recipe, modelFile);
        return new TrainingTask(recipe, network, preprocessing, train, validation, test);

        DataSet Take(string spec)
        {
            var data = DataSpec.Open(spec, recipe.BaseFolder, modelFile);
            if (!data.HasLabels) throw new UserErrorException($"{spec} has no labels, which training needs");
            return limit < data.Count ? data.Slice(0, limit.Value) : data;
        }
    }

    private static (Network Network, Preprocessing Preprocessing) BuiltIn(TrainingRecipe recipe, DataSet train)
    {
        if (recipe.Network == LanguageModels.Lstm)
        {
            if (train.Streams == 0) throw new UserErrorException($"{recipe.Network} takes the words of a text, {train.Spec} is none; give wikitext:DIR");
            return (LanguageModels.Create(train.ClassCount!.Value, recipe.Units, recipe.Layers, recipe.Sizes.Dropout, recipe.Sizes.Seed, recipe.IsTied), Preprocessing.Identity);
        }

        var preprocessing = Preprocessing.Parse(recipe.Preprocess!);
        var shape = new PreprocessedSamples(train, preprocessing).SampleShape;
        return (BuiltInNetworks.Create(recipe.Network, shape, train.ClassCount!.Value, preprocessing, recipe.Sizes), preprocessing);
    }

    private static (Network Network, Preprocessing Preprocessing) FromFile(TrainingRecipe recipe, string path)
    {
        var network = NetworkFile.Load(path);
        if (TokenNetwork.IsOne(network)) return (network, Preprocessing.Identity);
        var preprocessing = recipe.Preprocess is { } text ? Preprocessing.Parse(text)
            : network.Metadata.TryGetValue(Preprocessing.MetadataKey, out var known) ? Preprocessing.Parse(known)
            : Preprocessing.FromModelsJsonBeside(path)
            ?? throw new UserErrorException($"{path}: how raw values become inputs is not known; add 'preprocess: order=RGB,scale=…,mean=…,std=…' to the recipe, or put a models.json beside the model");
        return (network with { Metadata = new Dictionary<string, string>(network.Metadata, StringComparer.Ordinal) { [Preprocessing.MetadataKey] = preprocessing.ToString() } }, preprocessing);
    }

    private LabeledSamples Label(DataSet data)
    {
        if (TokenNetwork.IsOne(Network) != (data.Streams > 0)) throw new UserErrorException($"{data.Spec} {(data.Streams > 0 ? "is a text" : "is no text")}, which '{Network.Name}' does not take; give the data that the network was made for");
        if (data.Streams > 0) return TextRuns.Label(data, Recipe.Steps);
        int[] input = [.. Network.Inputs[0].Shape.Skip(1).Select(dimension => dimension.Size ?? 0)];
        ISampleSource samples = PreprocessedSamples.Fit(data, Preprocessing, input, Network.Name);
        if (data.Count * (long)ElementTypes.ElementCount(samples.SampleShape) <= LargestCache) samples = new CachedSamples(samples);
        return new LabeledSamples(samples, [.. Enumerable.Range(0, data.Count).Select(data.Label)]);
    }
}
