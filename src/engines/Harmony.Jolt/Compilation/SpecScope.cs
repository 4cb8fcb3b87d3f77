using System.Globalization;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Compilation;

/// <summary>A place in a spec that is being compiled: it knows its path and where to report errors.</summary>
internal sealed class SpecScope
{
    private readonly SpecErrors _errors;
    private readonly string _file;
    private readonly string _path;

    /// <summary>The root of a spec.</summary>
    public SpecScope(string file, SpecErrors errors, JoltOptions options, KeyTable keys)
    {
        _file = file;
        _errors = errors;
        _path = "$";
        Options = options;
        Keys = keys;
    }

    private SpecScope(SpecScope parent, string path)
    {
        _file = parent._file;
        _errors = parent._errors;
        _path = path;
        Options = parent.Options;
        Keys = parent.Keys;
        OperationIndex = parent.OperationIndex;
        Operation = parent.Operation;
    }

    public JoltOptions Options { get; }

    /// <summary>The keys documents are expected to have.</summary>
    public KeyTable Keys { get; }

    public int OperationIndex { get; private init; } = -1;

    public string Operation { get; private init; } = "";

    /// <summary>The place of a member of this one.</summary>
    public SpecScope At(string key) => new(this, IsIdentifier(key) ? $"{_path}.{key}" : $"{_path}['{key.Replace("'", "\\'", StringComparison.Ordinal)}']");

    /// <summary>The place of an item of this one.</summary>
    public SpecScope At(int index) => new(this, string.Create(CultureInfo.InvariantCulture, $"{_path}[{index}]"));

    /// <summary>This place, as part of an operation.</summary>
    public SpecScope In(int operationIndex, string operation) => new(this, _path) { OperationIndex = operationIndex, Operation = operation };

    public void Error(string message) => _errors.Errors.Add(Make(message));

    public void Warn(string message) => _errors.Warnings.Add(Make(message));

    /// <summary>Reads something that may be malformed; null, and an error reported, when it is.</summary>
    public T? Try<T>(Func<T> parse)
        where T : class
    {
        try
        {
            return parse();
        }
        catch (SpecSyntaxException e)
        {
            Error(e.Message);
            return null;
        }
    }

    private static bool IsIdentifier(string key)
        => key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private JoltSpecError Make(string message) => new(_file, OperationIndex, Operation, _path, message);
}
