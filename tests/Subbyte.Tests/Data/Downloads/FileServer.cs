using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Subbyte.Tests.Data.Downloads;

/// <summary>A web server on this machine that serves files from memory, well or badly.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public FileServer()
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/set/");
        _loop = ServeAsync();
    }

    public Uri Address { get; }

    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>The version of all files; no ETag where it is null.</summary>
    public string? Tag { get; set; } = "\"one\"";

    public bool KnowsRanges { get; set; } = true;

    /// <summary>The connection breaks after so many bytes of the body, as often as said.</summary>
    public (int Bytes, int Times) Break { get; set; }

    /// <summary>Answers with this status, as often as said, before it serves files.</summary>
    public (string Status, int Times) Refusal { get; set; }

    /// <summary>Says nothing more after so many bytes, until it is stopped.</summary>
    public int? HangAfter { get; set; }

    /// <summary>What was asked for: the path and the Range and If-Range fields.</summary>
    public List<string> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                try
                {
                    await AnswerAsync(client);
                }
                catch (IOException)
                {
                    // The other side went away.
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        await using var stream = client.GetStream();
        var (path, fields) = await ReadRequestAsync(stream);
        Requests.Add($"{path} {fields.GetValueOrDefault("range")} {fields.GetValueOrDefault("if-range")}".TrimEnd());
        if (Refusal.Times > 0)
        {
            Refusal = (Refusal.Status, Refusal.Times - 1);
            await SendAsync(stream, $"HTTP/1.1 {Refusal.Status}\r\nContent-Length: 0\r\n");
            return;
        }

        if (!Files.TryGetValue(path.Split('/')[^1], out var file))
        {
            await SendAsync(stream, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n");
            return;
        }

        var isCurrent = !fields.TryGetValue("if-range", out var condition) || condition == Tag;
        var first = KnowsRanges && isCurrent && fields.TryGetValue("range", out var range) ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;
        var status = first > 0 ? $"206 Partial Content\r\nContent-Range: bytes {first}-{file.Length - 1}/{file.Length}" : "200 OK";
        await SendAsync(stream, $"HTTP/1.1 {status}\r\nContent-Length: {file.Length - first}\r\n{(Tag is null ? "" : $"ETag: {Tag}\r\n")}");
        await SendBodyAsync(stream, file.AsMemory(first));
    }

    private async Task SendBodyAsync(NetworkStream stream, ReadOnlyMemory<byte> body)
    {
        if (Break.Times > 0)
        {
            Break = (Break.Bytes, Break.Times - 1);
            body = body[..Math.Min(Break.Bytes, body.Length)];
        }

        await stream.WriteAsync(body[..Math.Min(HangAfter ?? body.Length, body.Length)], _stop.Token);
        if (HangAfter is not null) await Task.Delay(Timeout.Infinite, _stop.Token);
    }

    private async Task<(string Path, Dictionary<string, string> Fields)> ReadRequestAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _stop.Token) == 1) text.Append((char)one[0]);
        var lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var fields = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(parts => parts[0].ToLowerInvariant(), parts => parts[1], StringComparer.Ordinal);
        return (lines[0].Split(' ')[1], fields);
    }

    private async Task SendAsync(NetworkStream stream, string head) => await stream.WriteAsync(Encoding.ASCII.GetBytes(head + "Connection: close\r\n\r\n"), _stop.Token);
}
