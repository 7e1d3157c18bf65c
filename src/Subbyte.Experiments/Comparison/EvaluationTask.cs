using System.Security.Cryptography;
using Subbyte.Data;
using Subbyte.Experiments.Language;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Networks.Passes;
using Subbyte.Onnx;

namespace Subbyte.Experiments;

/// <summary>A network, the data to evaluate it on, and the data that methods may look at.</summary>
public sealed class EvaluationTask
{
    private EvaluationTask(Network network, string modelFile, string modelSha256, Preprocessing preprocessing, DataSet data, DataSet? calibration, int calibrationCount)
    {
        Network = network;
        ModelFile = modelFile;
        ModelSha256 = modelSha256;
        Preprocessing = preprocessing;
        Data = data;
        Calibration = calibration;
        CalibrationCount = calibrationCount;
        IsText = TokenNetwork.IsOne(network);
        var plan = ExecutionPlan.Compile(BatchNormFolding.Apply(network));
        OutputLength = (int)plan.OutputTypes.First().Count;
        StepSamples = IsText ? Math.Max(1, data.Streams) : 1;
        Samples = Fit(plan, data);
        if (calibration is null) return;
        CalibrationCount = (int)Math.Min(calibrationCount * (long)(IsText ? calibration.Streams : 1), calibration.Count);
        CalibrationSamples = Fit(plan, calibration);
        CalibrationOverlap = calibration.Slice(0, CalibrationCount).CountSharedSamples(data);
    }

    /// <summary>The float network.</summary>
    public Network Network { get; }

    /// <summary>The file that it came from, or a name.</summary>
    public string ModelFile { get; }

    /// <summary>SHA-256 of the file.</summary>
    public string ModelSha256 { get; }

    /// <summary>How raw values become inputs.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Elements of the network's (first) output for one sample: the classes that a classifier tells apart.</summary>
    public int OutputLength { get; }

    /// <summary>Whether the network takes the words of a text, whose state is carried from word to word.</summary>
    public bool IsText { get; }

    /// <summary>Samples of one step: the streams of a text, which go on side by side; 1 for samples that stand alone.</summary>
    public int StepSamples { get; }

    /// <summary>The data to evaluate.</summary>
    public DataSet Data { get; }

    /// <summary>The data to evaluate, preprocessed.</summary>
    public ISampleSource Samples { get; }

    /// <summary>The calibration data, or null.</summary>
    public DataSet? Calibration { get; }

    /// <summary>The calibration data, preprocessed, or null.</summary>
    public ISampleSource? CalibrationSamples { get; }

    /// <summary>Calibration samples used at most.</summary>
    public int CalibrationCount { get; }

    /// <summary>How many calibration samples are evaluated too.</summary>
    public int CalibrationOverlap { get; }

    /// <summary>Loads a model from a file.</summary>
    /// <param name="modelFile">Path of the ONNX file.</param>
    /// <param name="preprocessing">Preprocessing, or null to take the model's metadata or a <c>models.json</c> beside it.</param>
    /// <param name="data">Data to evaluate.</param>
    /// <param name="calibration">Calibration data, or null.</param>
    /// <param name="calibrationCount">Calibration samples used at most.</param>
    /// <returns>The task.</returns>
    /// <exception cref="UserErrorException">The model cannot be read, its preprocessing is not known, or the data do not fit.</exception>
    public static EvaluationTask Load(string modelFile, Preprocessing? preprocessing, DataSet data, DataSet? calibration, int calibrationCount)
    {
        var network = NetworkFile.Load(modelFile);
        using var stream = File.OpenRead(modelFile);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(stream));
        return new EvaluationTask(network, modelFile, sha256, preprocessing ?? KnownPreprocessing(network, modelFile), data, calibration, calibrationCount);
    }

    /// <summary>A task on a network in memory.</summary>
    /// <param name="network">The network; its metadata hold its preprocessing.</param>
    /// <param name="data">Data to evaluate.</param>
    /// <param name="calibration">Calibration data, or null.</param>
    /// <param name="calibrationCount">Calibration samples used at most.</param>
    /// <returns>The task.</returns>
    public static EvaluationTask Of(Network network, DataSet data, DataSet? calibration, int calibrationCount)
    {
        using var stream = new MemoryStream();
        OnnxNetwork.Write(network, stream);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(stream.ToArray()));
        return new EvaluationTask(network, network.Name, sha256, KnownPreprocessing(network, network.Name), data, calibration, calibrationCount);
    }

    /// <summary>The same network on other data.</summary>
    /// <param name="data">Data to evaluate.</param>
    /// <param name="calibration">Calibration data, or null.</param>
    /// <param name="calibrationCount">Calibration samples used at most; of a text, words of each of its streams.</param>
    /// <returns>The task.</returns>
    public EvaluationTask On(DataSet data, DataSet? calibration, int calibrationCount) => new(Network, ModelFile, ModelSha256, Preprocessing, data, calibration, calibrationCount);

    private ISampleSource Fit(ExecutionPlan plan, DataSet data)
    {
        if (IsText != (data.Streams > 0))
            throw new UserErrorException(IsText ? $"'{Network.Name}' takes word ids, {data.Spec} is no text; give wikitext:DIR" : $"{data.Spec} is a text, '{Network.Name}' takes {plan.InputType}; give the data that the model was made for");
        if (!IsText) return PreprocessedSamples.Fit(data, Preprocessing, plan.InputType.Dimensions[1..].ToArray(), Network.Name);
        TokenNetwork.Check(plan, Network.Name, data.ClassCount!.Value);
        return new TokenSamples(Network, data);
    }

    private static Preprocessing KnownPreprocessing(Network network, string modelFile)
    {
        if (TokenNetwork.IsOne(network)) return Preprocessing.Identity;
        if (network.Metadata.TryGetValue(Preprocessing.MetadataKey, out var text)) return Preprocessing.Parse(text);
        return Preprocessing.FromModelsJsonBeside(modelFile)
            ?? throw new UserErrorException($"{modelFile}: how raw values become inputs is not known; give --preprocess \"order=RGB,scale=…,mean=…,std=…\", a workload, or a models.json beside the model");
    }
}
