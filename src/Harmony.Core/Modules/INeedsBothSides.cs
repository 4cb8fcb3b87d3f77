namespace Harmony.Core.Modules;

/// <summary>A middleware that keeps something out by what it does on both ways: a pipeline that names it on one side only would be open, and is an error.</summary>
public interface INeedsBothSides : IRequestMiddleware, IResponseMiddleware;
