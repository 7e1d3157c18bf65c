using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Subbyte.Data;
using Subbyte.Networks;

namespace Subbyte.Experiments;

/// <summary>The real ONNX Runtime, run as a Node.js program: a second implementation to be held against.</summary>
public sealed class OnnxRuntimeProcess
{
    /// <summary>The variable that names the folder that holds <c>node_modules/onnxruntime-node</c>.</summary>
    public const string Variable = "SUBBYTE_ONNXRUNTIME";

    /// <summary>What to tell a user where it is not found.</summary>
    public const string HowToFind = $"needs ONNX Runtime: give --onnxruntime DIR or set {Variable} to the folder that holds node_modules/onnxruntime-node";

    private readonly string _folder;

    private OnnxRuntimeProcess(string folder) => _folder = folder;

    /// <summary>Looks for ONNX Runtime.</summary>
    /// <param name="folder">Folder that holds <c>node_modules/onnxruntime-node</c>; null takes the variable.</param>
    /// <returns>The runtime, or null when it is not there.</returns>
    public static OnnxRuntimeProcess? Find(string? folder = null)
    {
        folder ??= Environment.GetEnvironmentVariable(Variable);
        if (folder is null || !Directory.Exists(Path.Combine(folder, "node_modules", "onnxruntime-node"))) return null;
        return new OnnxRuntimeProcess(Path.GetFullPath(folder));
    }

    /// <summary>Runs a model on the first samples of a source.</summary>
    /// <param name="model">Path of the model.</param>
    /// <param name="samples">Samples.</param>
    /// <param name="count">How many.</param>
    /// <param name="exact">Whether 8-bit products must be exact (<c>session.x64quantprecision</c> = 1).</param>
    /// <param name="cancellation">Cancels the run.</param>
    /// <returns>Outputs of all samples, one after the other.</returns>
    /// <exception cref="UserErrorException">Node.js is missing, or ONNX Runtime refuses the model.</exception>
    public float[] Run(string model, ISampleSource samples, int count, bool exact, CancellationToken cancellation)
    {
        return InTemporaryFolder(folder =>
        {
            var input = Path.Combine(folder, "input.f32");
            WriteInput(input, samples, count);
            var output = Start([Script(folder, "run.js"), _folder, Path.GetFullPath(model), input, count.ToString(CultureInfo.InvariantCulture), string.Join(',', samples.SampleShape.ToArray()), exact ? "1" : "0"], model, cancellation);
            return MemoryMarshal.Cast<byte, float>(output).ToArray();
        });
    }

    /// <summary>Predicts the words of a text, each stream's states carried from step to step; the model takes int64 ids.</summary>
    /// <param name="model">Path of the model.</param>
    /// <param name="data">The text.</param>
    /// <param name="states">Shapes of the states for all streams, in the order of the model's inputs.</param>
    /// <param name="ours">Our executor's run, as long as which it is.</param>
    /// <param name="exact">Whether 8-bit products must be exact.</param>
    /// <param name="cancellation">Cancels the run.</param>
    /// <returns>Losses and predictions, and the outputs of the first whole steps that ours holds.</returns>
    /// <exception cref="UserErrorException">Node.js is missing, or ONNX Runtime refuses the model.</exception>
    internal OnnxRuntimeText RunText(string model, DataSet data, IEnumerable<int[]> states, NetworkRun ours, bool exact, CancellationToken cancellation)
        => InTemporaryFolder(folder =>
        {
            var steps = ours.Samples / data.Streams;
            var (count, kept) = (steps * data.Streams, Math.Min(steps, ours.Outputs.Length / Math.Max(1, ours.OutputLength) / data.Streams));
            var pairs = new int[2 * count];
            Span<float> id = stackalloc float[1];
            for (var i = 0; i < count; i++)
            {
                data.Read(i, id);
                (pairs[2 * i], pairs[(2 * i) + 1]) = ((int)id[0], data.Label(i));
            }

            var text = Path.Combine(folder, "text.i32");
            File.WriteAllBytes(text, MemoryMarshal.AsBytes<int>(pairs).ToArray());
            string[] numbers = [.. new[] { data.Streams, steps, kept }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
            var shapes = string.Join(';', states.Select(shape => string.Join(',', shape)));
            return OnnxRuntimeText.Read(Start([Script(folder, "run-text.js"), _folder, Path.GetFullPath(model), text, .. numbers, shapes, exact ? "1" : "0"], model, cancellation), count);
        });

    /// <summary>Runs many small models, each once, in one process: graphs as they are written, exact 8-bit products.</summary>
    /// <param name="add">Adds the models.</param>
    /// <param name="cancellation">Cancels the run.</param>
    /// <returns>One result a model, in order.</returns>
    /// <exception cref="UserErrorException">Node.js is missing, or ONNX Runtime does not come to the end.</exception>
    internal IReadOnlyList<OnnxRuntimeResult> RunModels(Action<OnnxRuntimeModels> add, CancellationToken cancellation)
        => InTemporaryFolder(folder =>
        {
            using (var models = new OnnxRuntimeModels(folder)) add(models);
            Start([Script(folder, "run-models.js"), _folder, folder], "generated models", cancellation);
            return OnnxRuntimeModels.ReadResults(folder);
        });

    /// <summary>Starts a process that times models.</summary>
    /// <returns>The process, to be disposed.</returns>
    /// <exception cref="UserErrorException">Node.js is missing.</exception>
    internal OnnxRuntimeTimer StartTimer() => new(folder => StartNode([Script(folder, "time.js"), _folder], readsInput: true));

    private static Process StartNode(IEnumerable<string> arguments, bool readsInput)
    {
        var process = new Process();
        process.StartInfo = new ProcessStartInfo("node", arguments) { UseShellExecute = false, RedirectStandardInput = readsInput, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            process.Start();
            return process;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            process.Dispose();
            throw new UserErrorException("ONNX Runtime is run by Node.js, and 'node' was not found; install Node.js 20 or newer", failure);
        }
    }

    private static T InTemporaryFolder<T>(Func<string, T> body)
    {
        var folder = Directory.CreateTempSubdirectory("subbyte-ort-").FullName;
        try
        {
            return body(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Script(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        using var resource = typeof(OnnxRuntimeProcess).Assembly.GetManifestResourceStream($"Subbyte.OnnxRuntime.{name}")!;
        using var file = File.Create(path);
        resource.CopyTo(file);
        return path;
    }

    private static void WriteInput(string path, ISampleSource samples, int count)
    {
        var length = 1;
        foreach (var dimension in samples.SampleShape) length *= dimension;
        var sample = new float[length];
        using var stream = File.Create(path);
        for (var i = 0; i < count; i++)
        {
            samples.Read(i, sample);
            stream.Write(MemoryMarshal.AsBytes<float>(sample));
        }
    }

    private static byte[] Start(IEnumerable<string> arguments, string model, CancellationToken cancellation)
    {
        using var process = StartNode(arguments, readsInput: false);
        using var stop = cancellation.Register(process.Kill);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0) throw new UserErrorException($"{model}: ONNX Runtime refuses the model: {errors.GetAwaiter().GetResult().Trim()}");
        return output.ToArray();
    }
}
