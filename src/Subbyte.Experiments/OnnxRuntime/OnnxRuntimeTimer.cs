using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Subbyte.Experiments;

/// <summary>A long-lived process that holds models in the real ONNX Runtime and times their runs itself.</summary>
internal sealed class OnnxRuntimeTimer : IDisposable
{
    private readonly string _folder;
    private readonly Process _process;

    /// <summary>Starts the process.</summary>
    /// <param name="start">Starts it, given a temporary folder.</param>
    /// <exception cref="UserErrorException">Node.js is missing.</exception>
    internal OnnxRuntimeTimer(Func<string, Process> start)
    {
        _folder = Directory.CreateTempSubdirectory("subbyte-ort-").FullName;
        try
        {
            _process = start(_folder);
        }
        catch
        {
            Directory.Delete(_folder, recursive: true);
            throw;
        }
    }

    /// <summary>Loads a model.</summary>
    /// <param name="save">Writes the model to a path.</param>
    /// <param name="shape">Shape of its input, the batch included.</param>
    /// <param name="exact">Whether 8-bit products must be exact (<c>session.x64quantprecision</c> = 1).</param>
    /// <param name="threads">Threads of one run.</param>
    /// <returns>The model, ready to be timed.</returns>
    /// <exception cref="UserErrorException">ONNX Runtime refuses the model.</exception>
    public IContender Load(Action<string> save, IEnumerable<int> shape, bool exact, int threads)
    {
        var path = Path.Combine(_folder, "model.onnx");
        save(path);
        var answer = Ask(new JsonObject { ["load"] = path, ["exact"] = exact, ["threads"] = threads, ["shape"] = new JsonArray([.. shape.Select(size => JsonValue.Create(size))]) });
        return new Session(this, answer["session"]!.GetValue<int>());
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private JsonObject Ask(JsonObject command)
    {
        try
        {
            _process.StandardInput.WriteLine(command.ToJsonString());
            _process.StandardInput.Flush();
            var answer = _process.StandardOutput.ReadLine() is { } line ? JsonNode.Parse(line)?.AsObject() : null;
            if (answer is null) throw new UserErrorException($"ONNX Runtime ended: {_process.StandardError.ReadToEnd().ReplaceLineEndings(" ").Trim()}");
            return answer["error"] is { } error ? throw new UserErrorException($"ONNX Runtime refuses the model: {error}") : answer;
        }
        catch (Exception failure) when (failure is IOException or JsonException)
        {
            throw new UserErrorException($"ONNX Runtime does not answer: {failure.Message}", failure);
        }
    }

    private sealed class Session(OnnxRuntimeTimer timer, int id) : IContender
    {
        public void Run(int runs, ICollection<double> milliseconds)
        {
            foreach (var time in timer.Ask(new JsonObject { ["run"] = id, ["runs"] = runs })["milliseconds"]!.AsArray()) milliseconds.Add(time!.GetValue<double>());
        }
    }
}
