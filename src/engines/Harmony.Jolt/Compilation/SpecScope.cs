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

/// <summary>Collects what is wrong with a spec, so that its author sees all of it at once.</summary>
internal sealed class SpecErrors
{
    /// <summary>What keeps the spec from running.</summary>
    public List<JoltSpecError> Errors { get; } = [];

    /// <summary>What runs, but hardly as meant.</summary>
    public List<JoltSpecError> Warnings { get; } = [];
}

/// <summary>The levels a walk will have at a place of a spec, from which it can be told which references will lead nowhere.</summary>
internal sealed class Levels
{
    private readonly Levels? _parent;
    private readonly int _groups;
    private readonly int _count;

    private Levels(Levels? parent, int groups)
    {
        _parent = parent;
        _groups = groups;
        _count = (parent?._count ?? 0) + 1;
    }

    /// <summary>At the keys right below the root, which counts twice: as the document and as what the spec matches first.</summary>
    public static Levels Root { get; } = new(new Levels(null, 0), 0);

    /// <summary>Below <paramref name="key"/>.</summary>
    public Levels Below(KeyPattern key) => new(this, key is InputKey or LookupKey ? _groups : key.Groups);

    /// <summary>Reports every reference that leads nowhere: to a level that is not there through <paramref name="tooHigh"/>, to a star as a warning.</summary>
    public void Check(IEnumerable<Reference> references, Action<string> tooHigh, SpecScope scope)
    {
        foreach (var reference in references)
        {
            if (reference.Level >= _count) tooHigh($"a reference goes {reference.Level} levels up, where there are only {_count - 1}");
            else if (reference.Group > GroupsAt(reference.Level))
                scope.Warn($"reference {reference} asks for '*' number {reference.Group} of a key that has {GroupsAt(reference.Level)}; it finds nothing");
        }
    }

    private int GroupsAt(int level)
    {
        var at = this;
        for (; level > 0; level--) at = at._parent!;
        return at._groups;
    }
}
