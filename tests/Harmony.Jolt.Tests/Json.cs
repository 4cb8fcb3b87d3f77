using System.Buffers;
using System.Text;

namespace Harmony.Jolt.Tests;

/// <summary>Applies chains from text to text.</summary>
internal static class Json
{
    public static JoltChain Chain(string spec, JoltOptions? options = null) => JoltChain.Compile(Encoding.UTF8.GetBytes(spec), "test.json", options);

    /// <summary>A chain of one operation.</summary>
    public static JoltChain Operation(string name, string spec, JoltOptions? options = null)
        => Chain($$"""[{"operation":"{{name}}","spec":{{spec}}}]""", options);

    public static string ApplyText(this JoltChain chain, string input, string context = "")
        => Encoding.UTF8.GetString(chain.ApplyBytes(Encoding.UTF8.GetBytes(input), Encoding.UTF8.GetBytes(context)));

    public static byte[] ApplyBytes(this JoltChain chain, byte[] input, byte[]? context = null, IJoltTrace? trace = null)
    {
        var output = new ArrayBufferWriter<byte>();
        chain.Apply(input, output, context, trace);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Every error of a spec, as text.</summary>
    public static IReadOnlyList<string> ErrorsOf(string spec)
        => JoltChain.TryCompile(Encoding.UTF8.GetBytes(spec), "test.json", out _, out var errors) ? [] : [.. errors.Select(e => e.ToString())];
}
