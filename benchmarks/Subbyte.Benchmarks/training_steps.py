"""Training steps of PyTorch, the rival of TrainingSteps.cs.

Arguments: network, batch, threads, and the folder of the data and initial weights that both start from (raw float32 and int32). The first line out says the
back end. Then each line in is answered by a line: "loss N" makes N steps and answers with their losses, "time N" with their milliseconds, "threads N" sets the
number of threads.
"""
import ctypes
import os
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional

WORDS, UNITS, STEPS = 5000, 200, 35


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.added = outputs - inputs

    def forward(self, x):
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        if self.added:
            x = functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.added // 2, self.added - self.added // 2))
        return functional.relu(y + x)


def resnet20():
    layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    channels = 16
    for stage in range(3):
        for block in range(3):
            outputs = 16 << stage
            layers.append(Block(channels, outputs, 2 if stage and not block else 1))
            channels = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, 1, 2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.lstm, self.decoder = nn.Embedding(WORDS, UNITS), nn.LSTM(UNITS, UNITS), nn.Linear(UNITS, WORDS)
        self.state = None

    def forward(self, ids):
        y, state = self.lstm(self.embedding(ids), self.state)
        self.state = tuple(part.detach() for part in state)
        return self.decoder(y).flatten(0, 1)


def gates(weights):
    """ONNX's order of the gates (input, output, forget, cell) as PyTorch's (input, forget, cell, output)."""
    i, o, f, c = numpy.split(weights, 4)
    return numpy.concatenate([i, f, c, o])


def load(net, folder):
    """Copies the initial weights; both sides list them in the order of the network."""
    values = numpy.fromfile(os.path.join(folder, "weights"), numpy.float32)
    if isinstance(net, Words):
        # ONNX keeps both biases of an LSTM in one tensor, and the decoder's weights transposed.
        parts = [(net.embedding.weight, None), (net.lstm.weight_ih_l0, gates), (net.lstm.weight_hh_l0, gates), (net.lstm.bias_ih_l0, gates), (net.lstm.bias_hh_l0, gates),
                 (net.decoder.weight, "transposed"), (net.decoder.bias, None)]
    else:
        parts = [(parameter, None) for parameter in net.parameters()]
    for parameter, form in parts:
        shape = tuple(parameter.shape)
        part, values = values[:parameter.numel()], values[parameter.numel():]
        part = part.reshape(shape[::-1]).T if form == "transposed" else part.reshape(shape)
        parameter.data.copy_(torch.from_numpy(numpy.ascontiguousarray(form(part) if callable(form) else part)))
    if values.size:
        raise ValueError(f"{values.size} initial weights are left over")


def read(name, batch, folder):
    labels = torch.from_numpy(numpy.fromfile(os.path.join(folder, "labels"), numpy.int32).astype(numpy.int64))
    samples = numpy.fromfile(os.path.join(folder, "samples"), numpy.float32)
    if name == "lstm":
        return torch.from_numpy(samples.reshape(batch, STEPS).T.astype(numpy.int64).copy()), labels.reshape(batch, STEPS).T.reshape(-1)
    shape = (1, 28, 28) if name == "lenet5" else (3, 32, 32)
    return torch.from_numpy(samples.reshape(batch, *shape)), labels


def libraries():
    """The BLAS and DNN libraries that this process has mapped, symbolic links resolved, and what OpenBLAS says of itself."""
    with open("/proc/self/maps", encoding="ascii") as maps:
        paths = {line.split()[-1] for line in maps if "/" in line and any(part in line for part in ("blas", "dnnl", "mkl"))}
    words = sorted({"/".join(os.path.realpath(path).split("/")[-2:]) for path in paths})
    for path in paths:
        if "openblas" not in path:
            continue
        try:
            config = ctypes.CDLL(path).openblas_get_config
            config.restype = ctypes.c_char_p
            words.append(config().decode().strip())
            break
        except (AttributeError, OSError):
            continue
    return ", ".join(words)


def main():
    name, batch, threads, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    torch.set_num_threads(threads)
    net = {"lstm": Words, "lenet5": lenet5, "resnet20": resnet20}[name]()
    load(net, folder)
    x, y = read(name, batch, folder)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)

    def step():
        optimizer.zero_grad()
        loss = functional.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        return loss

    numpy.zeros((64, 64), numpy.float32) @ numpy.zeros((64, 64), numpy.float32)
    torch.mm(torch.zeros(64, 64), torch.zeros(64, 64))
    print(f"PyTorch {torch.__version__}, {libraries()}", flush=True)
    for line in sys.stdin:
        order, count = line.split()
        if order == "threads":
            torch.set_num_threads(int(count))
            print("ok", flush=True)
        elif order == "loss":
            print(" ".join(f"{step().item():.9g}" for _ in range(int(count))), flush=True)
        else:
            times = []
            for _ in range(int(count)):
                start = time.perf_counter()
                step()
                times.append(f"{(time.perf_counter() - start) * 1000:.4f}")
            print(" ".join(times), flush=True)


main()
